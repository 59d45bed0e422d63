package dev.kapell.network.dns;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/** IP addresses as bytes and as names; never asks a resolver. */
final class IpAddress {
  private IpAddress() {}

  /** The 4 or 16 bytes of a literal, or empty when it is none. */
  static Optional<byte[]> parse(String literal) {
    try {
      return Optional.of(InetAddress.ofLiteral(literal).getAddress())
          .filter(bytes -> literal.indexOf(':') >= 0 || literal.matches("([0-9]+\\.){3}[0-9]+"));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // asked of strangers' names: not being one is an answer
    }
  }

  /** The name under which a PTR record for {@code address} stands. */
  static String reverse(byte[] address) {
    StringBuilder name = new StringBuilder();
    if (address.length == 4) {
      for (int i = 3; i >= 0; i--) {
        name.append(address[i] & 0xFF).append('.');
      }
      return name + "in-addr.arpa";
    }
    String digits = HexFormat.of().formatHex(address);
    for (int i = digits.length() - 1; i >= 0; i--) {
      name.append(digits.charAt(i)).append('.');
    }
    return name + "ip6.arpa";
  }

  /** The address as one label: {@code 10.42.0.5} becomes {@code 10-42-0-5}. */
  static String label(String literal) {
    return literal.replace('.', '-').replace(':', '-');
  }
}
