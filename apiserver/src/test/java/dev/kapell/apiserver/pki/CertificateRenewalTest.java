package dev.kapell.apiserver.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.ManualClock;
import dev.kapell.base.Randomness;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateRenewalTest {
  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T12:00:00Z"));

  @Test
  void aRunningServerShowsTheRenewedCertificate() throws Exception {
    ClusterPki pki = ClusterPki.open(directory, clock, Randomness.seeded(1));
    Issued first = pki.server(List.of());
    try (HttpServer server =
            HttpServer.start(
                "test",
                ServerOptions.at("127.0.0.1", 0).with(first.trusting(pki.caPem())),
                exchange -> exchange.respond(200, Headers.contentType("text/plain"), new byte[0]));
        CertificateRenewal renewal = new CertificateRenewal(clock, pki)) {
      CountDownLatch renewed = new CountDownLatch(1);
      renewal.keep(
          "server",
          () -> pki.server(List.of()),
          first,
          issued -> {
            server.show(issued.trusting(pki.caPem()));
            renewed.countDown();
          });
      X509Certificate before = shown(server.port());
      assertThat(before.getNotAfter().toInstant())
          .isEqualTo(clock.now().plus(Duration.ofDays(365)));
      clock.advance(Duration.ofDays(340));
      while (!renewed.await(20, TimeUnit.MILLISECONDS)) {
        clock.advance(Duration.ofHours(12)); // whenever the renewing thread gets to sleep
      }
      X509Certificate after = shown(server.port());
      assertThat(after.getSerialNumber()).isNotEqualTo(before.getSerialNumber());
      assertThat(after.getNotAfter().toInstant())
          .isAfter(before.getNotAfter().toInstant().plus(Duration.ofDays(300)));
    }
  }

  @Test
  void aRunningServerBelievesInTheAuthorityThatWasSignedAnew() throws Exception {
    ClusterPki pki = ClusterPki.open(directory, clock, Randomness.seeded(1));
    String before = pki.caPem();
    try (CertificateRenewal renewal = new CertificateRenewal(clock, pki)) {
      List<String> believed = new CopyOnWriteArrayList<>();
      CountDownLatch renewed = new CountDownLatch(1);
      renewal.keep(
          "server",
          () -> pki.server(List.of()),
          pki.server(List.of()),
          issued -> {
            believed.add(pki.caPem());
            if (!pki.caPem().equals(before)) {
              renewed.countDown();
            }
          });
      CountDownLatch told = new CountDownLatch(1);
      renewal.tell("others", told::countDown);
      clock.advance(Duration.ofDays(8 * 365 + 200));
      while (!renewed.await(20, TimeUnit.MILLISECONDS)) {
        clock.advance(Duration.ofHours(12)); // whenever the renewing thread gets to sleep
      }
      assertThat(believed).last().isEqualTo(pki.caPem());
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    }
    X509Certificate after = Pem.certificate(pki.caPem());
    assertThat(after.getNotAfter().toInstant()).isAfter(clock.now().plus(Duration.ofDays(9 * 365)));
    Pem.certificate(pki.admin().certificatePem()).verify(Pem.certificate(before).getPublicKey());
    assertThat(ClusterPki.open(directory, clock, Randomness.seeded(2)).caPem())
        .as("what the next start finds")
        .isEqualTo(pki.caPem());
  }

  private static X509Certificate shown(int port) throws Exception {
    TrustManager any =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {any}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }
}
