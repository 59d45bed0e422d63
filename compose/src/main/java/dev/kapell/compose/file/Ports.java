package dev.kapell.compose.file;

import dev.kapell.compose.file.ComposeFile.Port;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Published ports: {@code [[address:]published:]target[/protocol]}, each port also a range, or the
 * long form.
 */
final class Ports {
  private static final Pattern SHORT =
      Pattern.compile("(?:(?:([0-9.]+):)?([0-9-]*):)?([0-9-]+)(?:/([a-z]+))?");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
  private static final int MAX_PORT = 65_535;

  private Ports() {}

  static List<Port> read(String path, List<Value> items) {
    List<Port> ports = new ArrayList<>();
    for (Value item : items) {
      ports.addAll(item instanceof Value.Fields ? longForm(path, item) : shortForm(path, item));
    }
    return ports;
  }

  private static List<Port> shortForm(String path, Value item) {
    String text = Section.scalar(path, item);
    Matcher matcher = SHORT.matcher(text);
    if (!matcher.matches()) {
      throw new ComposeFailure(
          item.place(),
          path + ": \"" + text + "\" is not [[address:]published:]target[/protocol] (IPv4)");
    }
    String address = matcher.group(1) == null ? "" : matcher.group(1);
    String published = matcher.group(2) == null ? "" : matcher.group(2);
    String protocol = matcher.group(4) == null ? "tcp" : matcher.group(4);
    return ports(new Wanted(path, item.place(), address, published, matcher.group(3), protocol));
  }

  private static List<Port> longForm(String path, Value item) {
    Section section = Section.of(path, item);
    String mode = section.text("mode").orElse("ingress");
    if (!mode.equals("ingress") && !mode.equals("host")) {
      throw section.refuse("mode", "has to be ingress or host");
    }
    String target =
        section
            .text("target")
            .orElseThrow(() -> new ComposeFailure(item.place(), path + " needs a target"));
    section.find("name");
    section.find("app_protocol");
    Wanted wanted =
        new Wanted(
            path,
            item.place(),
            section.text("host_ip").orElse(""),
            section.text("published").orElse(""),
            target,
            section.text("protocol").orElse("tcp"));
    section.refuseTheRest(Set.of());
    return ports(wanted);
  }

  private record Wanted(
      String path, Place place, String address, String published, String target, String protocol) {}

  private static List<Port> ports(Wanted wanted) {
    if (!PROTOCOLS.contains(wanted.protocol())) {
      throw new ComposeFailure(
          wanted.place(), wanted.path() + ": no protocol \"" + wanted.protocol() + "\"");
    }
    if (!wanted.address().isEmpty() && !isIpv4(wanted.address())) {
      throw new ComposeFailure(
          wanted.place(), wanted.path() + ": \"" + wanted.address() + "\" is not an IPv4 address");
    }
    int[] targets = range(wanted, wanted.target());
    int[] published = wanted.published().isEmpty() ? null : range(wanted, wanted.published());
    int count = targets[1] - targets[0];
    if (published != null && published[1] - published[0] != count) {
      throw new ComposeFailure(
          wanted.place(),
          wanted.path()
              + (": " + wanted.published() + " and " + wanted.target() + " are not equally many"));
    }
    List<Port> ports = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      int outside = published == null ? 0 : published[0] + i;
      ports.add(new Port(wanted.address(), outside, targets[0] + i, wanted.protocol()));
    }
    return ports;
  }

  private static int[] range(Wanted wanted, String text) {
    Matcher matcher = RANGE.matcher(text);
    if (matcher.matches()) {
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (first >= 1 && first <= last && last <= MAX_PORT) {
        return new int[] {first, last};
      }
    }
    throw new ComposeFailure(
        wanted.place(), wanted.path() + ": \"" + text + "\" is not a port or a range of ports");
  }

  static boolean isIpv4(String text) {
    try {
      return text.matches("([0-9]+\\.){3}[0-9]+")
          && InetAddress.ofLiteral(text).getAddress().length == 4;
    } catch (IllegalArgumentException e) {
      return false; // the caller names it
    }
  }
}
