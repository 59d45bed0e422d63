package dev.kapell.http;

import java.util.Optional;

/**
 * Where a request is sent on to.
 *
 * @param host a name or an address
 * @param port its port
 * @param tls absent for plain; the certificate must name {@code host}, unless any is taken
 */
public record Upstream(String host, int port, Optional<TlsIdentity> tls) {
  /** {@code host:port}, with brackets around an IPv6 address. */
  public String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
