package dev.kapell.network.service;

import java.util.List;
import java.util.regex.Pattern;

/** Which texts are IPv4 addresses and CIDRs; only those may reach an nft script. */
final class Addresses {
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE);
  private static final Pattern CIDR = Pattern.compile(IPV4.pattern() + "/(3[0-2]|[12]?[0-9])");

  private Addresses() {}

  static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches();
  }

  static boolean isIpv4Cidr(String text) {
    return CIDR.matcher(text).matches();
  }

  static List<String> ipv4Of(List<String> texts) {
    return texts.stream().filter(Addresses::isIpv4).distinct().sorted().toList();
  }
}
