package dev.kapell.apiserver.validation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** IP addresses and networks as text. Pure: no name is ever looked up. */
public final class Addresses {
  private static final String NOT_AN_ADDRESS =
      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  private static final String NOT_A_NETWORK =
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

  private Addresses() {}

  /** The bytes of an address: 4 or 16; empty when {@code text} is none. */
  public static Optional<byte[]> parse(String text) {
    return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
  }

  private static Optional<byte[]> parse4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      boolean digits =
          !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(Addresses::isDigit);
      if (!digits || (part.length() > 1 && part.startsWith("0")) || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      bytes[i] = (byte) Integer.parseInt(part);
    }
    return Optional.of(bytes);
  }

  private static boolean isDigit(int letter) {
    return letter >= '0' && letter <= '9';
  }

  private static Optional<byte[]> parse6(String text) {
    boolean allowed =
        text.chars()
            .allMatch(c -> (Character.digit(c, 16) >= 0 && c < 128) || c == ':' || c == '.');
    if (!allowed) {
      return Optional.empty();
    }
    try {
      // A literal with colons never leads to a lookup.
      byte[] bytes = InetAddress.getByName(text).getAddress();
      return bytes.length == 16 ? Optional.of(bytes) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** What is wrong with an address; empty when nothing is. */
  static String problem(String text) {
    return parse(text).isPresent() ? "" : NOT_AN_ADDRESS;
  }

  static String ipv4Problem(String text) {
    return parse(text).filter(bytes -> bytes.length == 4).isPresent()
        ? ""
        : "must be a valid IPv4 address";
  }

  /** What is wrong with a network; empty when nothing is. */
  static String cidrProblem(String text) {
    return network(text).isPresent() ? "" : NOT_A_NETWORK;
  }

  /**
   * A range of addresses.
   *
   * @param address its bytes as written, 4 or 16
   * @param bits of the prefix
   */
  public record Network(byte[] address, int bits) {
    /** Whether {@code other} lies in it. */
    public boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((address[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /** A network in CIDR form; empty when {@code text} is none. */
  public static Optional<Network> network(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String bits = text.substring(slash + 1);
    if (bits.isEmpty() || bits.length() > 3 || !bits.chars().allMatch(Addresses::isDigit)) {
      return Optional.empty();
    }
    int length = Integer.parseInt(bits);
    return parse(text.substring(0, slash))
        .filter(bytes -> length <= bytes.length * 8)
        .map(bytes -> new Network(bytes, length));
  }
}
