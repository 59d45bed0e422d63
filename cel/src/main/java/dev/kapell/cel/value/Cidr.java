package dev.kapell.cel.value;

import java.util.Optional;

/**
 * A range of addresses.
 *
 * @param ip as written; bits beyond the prefix may be set
 * @param prefixLength in bits
 */
public record Cidr(Ip ip, int prefixLength) {

  /** The range that {@code text} says, for instance {@code 10.0.0.0/8}. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.lastIndexOf('/');
    String bits = text.substring(slash + 1);
    if (slash < 0 || !bits.matches("0|[1-9]\\d{0,2}")) {
      return Optional.empty();
    }
    int length = Integer.parseInt(bits);
    return Ip.parse(text.substring(0, slash))
        .filter(ip -> length <= ip.bytes().length * 8)
        .map(ip -> new Cidr(ip, length));
  }

  /** The same with every bit beyond the prefix unset. */
  public Cidr masked() {
    byte[] bytes = ip.bytes().clone();
    for (int i = 0; i < bytes.length; i++) {
      int keep = Math.clamp(prefixLength - 8L * i, 0, 8);
      bytes[i] = (byte) (bytes[i] & (0xff << (8 - keep)));
    }
    return new Cidr(new Ip(bytes), prefixLength);
  }

  /** Whether {@code address} lies within. */
  public boolean contains(Ip address) {
    return address.family() == ip.family()
        && new Cidr(address, prefixLength).masked().equals(masked());
  }

  /** Whether {@code other} lies within. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.ip);
  }

  @Override
  public String toString() {
    return ip + "/" + prefixLength;
  }
}
