package dev.kapell.http;

import java.util.Optional;

/**
 * Where a request is sent on to.
 *
 * @param host a name or an address to connect to
 * @param port its port
 * @param tls absent for plain; the certificate must name {@code name}, unless any is taken
 * @param name what the server is called; {@code host}, unless that is only one of its addresses
 * @param namedPort the port that belongs to {@code name}
 */
public record Upstream(
    String host, int port, Optional<TlsIdentity> tls, String name, int namedPort) {
  /** A server that is called what it is connected to by. */
  public Upstream(String host, int port, Optional<TlsIdentity> tls) {
    this(host, port, tls, host, port);
  }

  /** The same server under another name, for instance that of the service before it. */
  public Upstream called(String other, int otherPort) {
    return new Upstream(host, port, tls, other, otherPort);
  }

  /** {@code name:port}, with brackets around an IPv6 address. */
  public String authority() {
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + namedPort;
  }
}
