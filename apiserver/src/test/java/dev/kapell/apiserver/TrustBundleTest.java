package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which trust bundles are taken. */
class TrustBundleTest {
  @TempDir static Path directory;
  private static String ca = "";

  private final Api api = new Api();
  private final Api.Place bundles = api.at("certificates.k8s.io/v1beta1/clustertrustbundles");

  @BeforeAll
  static void authority() throws IOException {
    ca = ClusterPki.open(directory, Clock.system(), Randomness.secure()).caPem();
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static String bundle(String name, String signer, String text) {
    return "metadata: {name: '"
        + name
        + "'}\nspec:\n  "
        + (signer.isEmpty() ? "" : "signerName: " + signer + "\n  ")
        + "trustBundle: |\n    "
        + text.strip().replace("\n", "\n    ")
        + "\n";
  }

  @Test
  void certificatesOfAuthoritiesAndNothingElse() {
    assertThat(bundles.create(bundle("a", "", ca)).child("spec").text("trustBundle"))
        .contains("BEGIN CERTIFICATE");
    String field = "spec.trustBundle: Invalid value: \"<value omitted>\": ";
    says(422, field + "is no PEM", () -> bundles.create(bundle("b", "", "hello")));
    says(
        422,
        field + "duplicate trust anchor (indices 0 and 1)",
        () -> bundles.create(bundle("b", "", ca + ca)));
    says(
        422,
        field + "found intra-block data in PEM",
        () -> bundles.create(bundle("b", "", ca + "hello\n" + ca)));
    says(
        422,
        field + "trailing data found after PEM blocks",
        () -> bundles.create(bundle("b", "", ca + "hello")));
    says(
        422,
        field + "entry 0 has bad block type: PRIVATE KEY",
        () -> bundles.create(bundle("b", "", ca.replace("CERTIFICATE", "PRIVATE KEY"))));
    says(
        422,
        field + "entry 0 has PEM block headers",
        () ->
            bundles.create(
                bundle(
                    "b", "", ca.replaceFirst("CERTIFICATE-----\n", "CERTIFICATE-----\nA: b\n"))));
    says(
        422,
        field + "entry 0 does not parse as X.509",
        () ->
            bundles.create(
                bundle("b", "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")));
    says(422, "spec.trustBundle: Required value", () -> bundles.create("metadata: {name: b}"));
  }

  @Test
  void theNameSaysWhoseItIs() {
    says(
        422,
        "ClusterTrustBundle without signer name must not have \":\" in its name",
        () -> bundles.create(bundle("a:b", "", ca)));
    says(
        422,
        "ClusterTrustBundle for signerName example.com/s must be named with prefix example.com:s:",
        () -> bundles.create(bundle("a", "example.com/s", ca)));
    String named = bundle("example.com:s:1", "example.com/s", ca);
    says(
        403,
        "user not permitted to attest for signerName \"example.com/s\"",
        () -> bundles.as("somebody", "system:authenticated").create(named));
    assertThat(bundles.as("admin", "system:masters").create(named).map()).isNotEmpty();
  }
}
