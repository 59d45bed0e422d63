package dev.kapell.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.certificates.v1beta1.ClusterTrustBundle;
import dev.kapell.api.certificates.v1beta1.ClusterTrustBundleSpec;
import dev.kapell.api.core.v1.ClusterTrustBundleProjection;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.node.config.ConfigFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrustAnchorsTest {
  private static final String ONE = certificate("AAAA");
  private static final String TWO = certificate("BBBB");

  private final List<ClusterTrustBundle> bundles =
      List.of(
          bundle("plain", null, "any", ONE),
          bundle("s:1", "example.com/s", "live", TWO + ONE),
          bundle("s:2", "example.com/s", "live", "\n" + ONE.replace("\n", "\r\n")),
          bundle("s:3", "example.com/s", "canary", certificate("CCCC")));

  private static String certificate(String body) {
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }

  private static ClusterTrustBundle bundle(
      String name, @org.jspecify.annotations.Nullable String signer, String stage, String text) {
    return ClusterTrustBundle.builder()
        .metadata(ObjectMeta.builder().name(name).labels(Map.of("stage", stage)).build())
        .spec(ClusterTrustBundleSpec.builder().signerName(signer).trustBundle(text).build())
        .build();
  }

  private static ClusterTrustBundleProjection ofSigner(String signer, LabelSelector labels) {
    return ClusterTrustBundleProjection.builder().signerName(signer).labelSelector(labels).build();
  }

  @Test
  void oneByItsName() {
    ClusterTrustBundleProjection plain =
        ClusterTrustBundleProjection.builder().name("plain").build();
    assertThat(TrustAnchors.of(plain, bundles)).isEqualTo(ONE);
    assertThatThrownBy(() -> TrustAnchors.of(plain.withName("none"), bundles))
        .isInstanceOf(ConfigFailure.class)
        .hasMessageContaining("clustertrustbundle \"none\" not found");
    assertThat(TrustAnchors.of(plain.withName("none").withOptional(true), bundles)).isEmpty();
  }

  @Test
  void allOfASignerEachCertificateOnce() {
    LabelSelector live = LabelSelector.builder().matchLabels(Map.of("stage", "live")).build();
    assertThat(TrustAnchors.of(ofSigner("example.com/s", live), bundles)).isEqualTo(ONE + TWO);
    assertThat(TrustAnchors.of(ofSigner("example.com/s", LabelSelector.EMPTY), bundles))
        .isEqualTo(ONE + TWO + certificate("CCCC"));
    assertThatThrownBy(
            () -> TrustAnchors.of(ofSigner("example.com/t", LabelSelector.EMPTY), bundles))
        .hasMessageContaining("matched zero ClusterTrustBundles");
    ClusterTrustBundleProjection nothing =
        ClusterTrustBundleProjection.builder().signerName("example.com/s").optional(true).build();
    assertThat(TrustAnchors.of(nothing, bundles)).as("no selector").isEmpty();
  }
}
