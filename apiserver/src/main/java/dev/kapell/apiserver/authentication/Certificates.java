package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.metrics.Histogram;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.http.Headers;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Whom client certificates stand for: whom they name, or, for a front proxy, whom it names. Those
 * that come here were verified by the connection, against all authorities together. Thread-safe.
 */
public final class Certificates {
  /** None, half an hour, 1, 2, 6, 12 hours, 1, 2, 4, 7, 30 days, 3, 6, 12 months. */
  private static final double[] REMAINING_SECONDS = {
    0,
    1800,
    3600,
    7200,
    21_600,
    43_200,
    86_400,
    172_800,
    345_600,
    604_800,
    2_592_000,
    7_776_000,
    15_552_000,
    31_104_000
  };

  private final Clock clock;
  private final Optional<ProxiedUsers> proxied;
  private final Optional<PeerTrust> clients;
  private final Histogram remaining;

  private Certificates(
      Clock clock,
      Optional<ProxiedUsers> proxied,
      Optional<PeerTrust> clients,
      Histogram remaining) {
    this.clock = clock;
    this.remaining = remaining;
    this.proxied = proxied;
    this.clients = clients;
  }

  /**
   * With a front proxy, when there is one.
   *
   * @param clientCaPem who signs the certificates of clients
   */
  public static Certificates of(
      Clock clock, Optional<FrontProxy> frontProxy, String clientCaPem, Meters meters) {
    return new Certificates(
        clock,
        frontProxy.map(ProxiedUsers::new),
        frontProxy.map(_ -> new PeerTrust(clientCaPem)),
        meters.histogram(
            "apiserver_client_certificate_expiration_seconds",
            "How long the certificate of a request was still good.",
            REMAINING_SECONDS));
  }

  /** Empty when the certificate stands for nobody here. */
  Optional<User> user(List<X509Certificate> chain, Headers headers) {
    Instant now = clock.now();
    Instant end = chain.getFirst().getNotAfter().toInstant();
    remaining.observe((double) now.until(end, ChronoUnit.SECONDS));
    return proxied
        .flatMap(users -> users.user(chain, headers, now))
        .or(
            () ->
                clients.map(trust -> trust.signed(chain, now)).orElse(true)
                    ? Optional.of(CertificateUsers.user(chain.getFirst()))
                    : Optional.empty());
  }
}
