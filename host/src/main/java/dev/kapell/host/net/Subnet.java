package dev.kapell.host.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** An address with a prefix length: {@code 10.42.1.1/24}. */
public record Subnet(InetAddress address, int prefixLength) {
  /** Checks the length. */
  public Subnet {
    if (prefixLength < 0 || prefixLength > address.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix length " + prefixLength + " of " + address);
    }
  }

  /** Reads {@code a.b.c.d/n} or IPv6; without a length it is a single address. */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
    int bits = address.getAddress().length * 8;
    try {
      return new Subnet(address, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a subnet: " + text, e);
    }
  }

  private static InetAddress literal(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
  }

  /** The first address of the subnet, with the same length: {@code 10.42.1.0/24}. */
  public Subnet network() {
    byte[] bytes = address.getAddress();
    for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return new Subnet(of(bytes), prefixLength);
  }

  /** The {@code index}th address of the subnet, from 0 (the network itself). */
  public InetAddress host(long index) {
    byte[] bytes = network().address.getAddress();
    long carry = index;
    for (int i = bytes.length - 1; i >= 0 && carry != 0; i--) {
      carry += bytes[i] & 0xff;
      bytes[i] = (byte) carry;
      carry >>= 8;
    }
    return of(bytes);
  }

  /** Whether {@code other} lies in the subnet. */
  public boolean contains(InetAddress other) {
    return other.getAddress().length == address.getAddress().length
        && new Subnet(other, prefixLength).network().equals(network());
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixLength;
  }
}
