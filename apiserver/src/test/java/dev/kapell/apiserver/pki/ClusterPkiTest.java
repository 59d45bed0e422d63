package dev.kapell.apiserver.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.ManualClock;
import dev.kapell.base.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPkiTest {
  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T12:00:00Z"));

  private ClusterPki open() throws IOException {
    return ClusterPki.open(directory, clock, Randomness.seeded(1));
  }

  @Test
  void keepsWhatItMade() throws Exception {
    ClusterPki first = open();
    Issued server = first.server(List.of("10.43.0.1", "node-1"));
    ClusterPki second = open();
    assertThat(second.caPem()).isEqualTo(first.caPem());
    assertThat(second.server(List.of("10.43.0.1", "node-1"))).isEqualTo(server);
    assertThat(second.serviceAccountKey()).isEqualTo(first.serviceAccountKey());
  }

  @Test
  void issuesAnewWhenANameIsMissingOrTheEndIsNear() throws Exception {
    ClusterPki pki = open();
    Issued server = pki.server(List.of("10.43.0.1"));
    Issued wider = pki.server(List.of("10.43.0.1", "192.168.1.5"));
    assertThat(wider).isNotEqualTo(server);
    clock.advance(Duration.ofDays(340));
    assertThat(open().server(List.of("10.43.0.1"))).isNotEqualTo(wider);
  }

  @Test
  void namesUsersAndGroups() throws Exception {
    X509Certificate admin = Pem.certificate(open().admin().certificatePem());
    assertThat(admin.getSubjectX500Principal().getName())
        .contains("CN=kubernetes-admin", "O=system:masters");
    admin.verify(Pem.certificate(open().caPem()).getPublicKey());
  }

  @Test
  void anAuthorityIsRenewedWithItsKeyLongBeforeItsEnd() throws Exception {
    ClusterPki first = open();
    Issued node = first.node("n1", List.of("10.0.0.1"));
    clock.advance(Duration.ofDays(8 * 365));
    assertThat(open().caPem()).isEqualTo(first.caPem());
    clock.advance(Duration.ofDays(200));
    ClusterPki second = open();
    assertThat(second.caPem()).isNotEqualTo(first.caPem());
    assertThat(second.frontProxyCaPem()).isNotEqualTo(first.frontProxyCaPem());
    X509Certificate renewed = Pem.certificate(second.caPem());
    assertThat(renewed.getNotAfter().toInstant())
        .isAfter(clock.now().plus(Duration.ofDays(9 * 365)));
    Pem.certificate(node.certificatePem()).verify(renewed.getPublicKey());
    Pem.certificate(second.admin().certificatePem())
        .verify(Pem.certificate(first.caPem()).getPublicKey());
    assertThat(open().caPem()).isEqualTo(second.caPem());
  }

  @Test
  void anAuthorityThatWasBroughtAlongIsLeftAlone() throws Exception {
    Issued own = Authority.newRoot(clock, Randomness.seeded(2), "somebody-elses");
    Files.writeString(directory.resolve("ca.crt"), own.certificatePem());
    Files.writeString(directory.resolve("ca.key"), own.keyPem());
    clock.advance(Duration.ofDays(9 * 365));
    assertThat(open().caPem()).isEqualTo(own.certificatePem());
  }

  @Test
  void saysWhichDirectoryIsDamaged() throws Exception {
    open();
    Files.writeString(directory.resolve("ca.crt"), "nonsense");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.toString());
  }
}
