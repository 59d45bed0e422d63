package dev.kapell.network.service;

import java.util.ArrayList;
import java.util.List;

/**
 * A port of the machine that leads to a Service, asked for by the annotation {@code
 * kapell.dev/host-ports}. Its value is a list with commas: {@code
 * [host-address:]host-port:service-port[/protocol]}, for instance {@code
 * 8080:80,127.0.0.1:5353:53/udp}.
 *
 * @param address one address of the machine, or empty for all
 * @param port the machine's port
 * @param servicePort the Service's port
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
record HostPort(String address, int port, int servicePort, String protocol) {
  /** The annotation's name. */
  static final String ANNOTATION = "kapell.dev/host-ports";

  /** Reads the annotation; throws {@link IllegalArgumentException} that names the wrong part. */
  static List<HostPort> parse(String annotation) {
    List<HostPort> ports = new ArrayList<>();
    for (String part : annotation.split(",", -1)) {
      if (!part.isBlank()) {
        ports.add(parseOne(part.strip()));
      }
    }
    return ports;
  }

  private static HostPort parseOne(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
    String[] parts = (slash < 0 ? text : text.substring(0, slash)).split(":", -1);
    if (parts.length < 2 || parts.length > 3 || !protocol.matches("tcp|udp|sctp")) {
      throw bad(text);
    }
    String address = parts.length == 3 ? parts[0] : "";
    if (!address.isEmpty() && !Addresses.isIpv4(address)) {
      throw bad(text);
    }
    int port = port(parts[parts.length - 2], text);
    int servicePort = port(parts[parts.length - 1], text);
    return new HostPort(address.equals("0.0.0.0") ? "" : address, port, servicePort, protocol);
  }

  private static int port(String text, String whole) {
    if (!text.matches("[0-9]{1,5}")) {
      throw bad(whole);
    }
    int port = Integer.parseInt(text);
    if (port < 1 || port > 65535) {
      throw bad(whole);
    }
    return port;
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not [host-address:]host-port:service-port[/tcp|udp|sctp]");
  }
}
