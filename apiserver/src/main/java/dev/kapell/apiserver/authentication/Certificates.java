package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.http.Headers;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whom client certificates stand for: whom they name, or, for a front proxy, whom it names. Those
 * that come here were verified by the connection, against all authorities together. Thread-safe.
 */
public final class Certificates {
  private final Clock clock;
  private final Optional<ProxiedUsers> proxied;
  private final Optional<PeerTrust> clients;

  private Certificates(Clock clock, Optional<ProxiedUsers> proxied, Optional<PeerTrust> clients) {
    this.clock = clock;
    this.proxied = proxied;
    this.clients = clients;
  }

  /**
   * With a front proxy, when there is one.
   *
   * @param clientCaPem who signs the certificates of clients
   */
  public static Certificates of(Clock clock, Optional<FrontProxy> frontProxy, String clientCaPem) {
    return new Certificates(
        clock, frontProxy.map(ProxiedUsers::new), frontProxy.map(_ -> new PeerTrust(clientCaPem)));
  }

  /** Empty when the certificate stands for nobody here. */
  Optional<User> user(List<X509Certificate> chain, Headers headers) {
    Instant now = clock.now();
    return proxied
        .flatMap(users -> users.user(chain, headers, now))
        .or(
            () ->
                clients.map(trust -> trust.signed(chain, now)).orElse(true)
                    ? Optional.of(CertificateUsers.user(chain.getFirst()))
                    : Optional.empty());
  }
}
