package dev.kapell.cel.function;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Cidr;
import dev.kapell.cel.value.Ip;
import java.net.InetAddress;
import java.util.List;

/** IP addresses and ranges of them. */
final class Addresses {
  private static final int BROADCAST = 0xff;

  private Addresses() {}

  static List<Function> all() {
    return List.of(
        Function.of("ip", "(string) -> IP", a -> ip(a[0])),
        Function.of("isIP", "(string) -> bool", a -> Ip.parse((String) a[0]).isPresent()),
        Function.of("ip.isCanonical", "(string) -> bool", a -> ip(a[0]).toString().equals(a[0])),
        Function.of("family", "IP.() -> int", a -> ((Ip) a[0]).family()),
        Function.of("isUnspecified", "IP.() -> bool", a -> address(a).isAnyLocalAddress()),
        Function.of("isLoopback", "IP.() -> bool", a -> address(a).isLoopbackAddress()),
        Function.of("isLinkLocalMulticast", "IP.() -> bool", a -> isLinkLocalMulticast((Ip) a[0])),
        Function.of("isLinkLocalUnicast", "IP.() -> bool", a -> isLinkLocal((Ip) a[0])),
        Function.of("isGlobalUnicast", "IP.() -> bool", a -> isGlobal((Ip) a[0])),
        Function.of("cidr", "(string) -> CIDR", a -> cidr(a[0])),
        Function.of("isCIDR", "(string) -> bool", a -> Cidr.parse((String) a[0]).isPresent()),
        Function.of("containsIP", "CIDR.(string) -> bool", a -> ((Cidr) a[0]).contains(ip(a[1]))),
        Function.of("containsIP", "CIDR.(IP) -> bool", a -> ((Cidr) a[0]).contains((Ip) a[1])),
        Function.of(
            "containsCIDR", "CIDR.(string) -> bool", a -> ((Cidr) a[0]).contains(cidr(a[1]))),
        Function.of(
            "containsCIDR", "CIDR.(CIDR) -> bool", a -> ((Cidr) a[0]).contains((Cidr) a[1])),
        Function.of("ip", "CIDR.() -> IP", a -> ((Cidr) a[0]).ip()),
        Function.of("masked", "CIDR.() -> CIDR", a -> ((Cidr) a[0]).masked()),
        Function.of("prefixLength", "CIDR.() -> int", a -> (long) ((Cidr) a[0]).prefixLength()),
        Function.of("string", "(IP) -> string", a -> a[0].toString()),
        Function.of("string", "(CIDR) -> string", a -> a[0].toString()));
  }

  private static Ip ip(Object text) {
    return Ip.parse((String) text)
        .orElseThrow(
            () ->
                new CelError(
                    "IP Address \"" + text + "\" parse error during conversion from string"));
  }

  private static Cidr cidr(Object text) {
    return Cidr.parse((String) text)
        .orElseThrow(
            () ->
                new CelError(
                    "network address parse error during conversion from string: \""
                        + text
                        + "\" is not a CIDR"));
  }

  private static InetAddress address(Object[] a) {
    return ((Ip) a[0]).address();
  }

  private static boolean isLinkLocal(Ip ip) {
    return ip.address().isLinkLocalAddress();
  }

  private static boolean isLinkLocalMulticast(Ip ip) {
    byte[] bytes = ip.bytes();
    return ip.family() == 4
        ? bytes[0] == (byte) 224 && bytes[1] == 0 && bytes[2] == 0
        : bytes[0] == (byte) 0xff && (bytes[1] & 0x0f) == 2;
  }

  private static boolean isGlobal(Ip ip) {
    InetAddress address = ip.address();
    boolean broadcast = ip.family() == 4;
    for (byte each : ip.bytes()) {
      broadcast = broadcast && (each & 0xff) == BROADCAST;
    }
    return !broadcast
        && !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress();
  }
}
