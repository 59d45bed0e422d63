package dev.kapell.controllers.trustbundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.certificates.v1beta1.ClusterTrustBundle;
import dev.kapell.controllers.world.World;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustBundleControllerTest {
  private static final String ONE = "-----BEGIN CERTIFICATE-----one";
  private static final String TWO = "-----BEGIN CERTIFICATE-----two";

  private final World world = new World();

  private List<ClusterTrustBundle> decide(String caPem) {
    world.apply(
        TrustBundleController.next(
            new TrustBundleController.Seen(world.all(Types.CLUSTER_TRUST_BUNDLE), caPem)));
    return world.all(Types.CLUSTER_TRUST_BUNDLE);
  }

  @Test
  void thereIsOneBundleAndItIsTheAuthority() {
    ClusterTrustBundle first = decide(ONE).getFirst();
    assertThat(first.metadata().nameOr(""))
        .startsWith("kubernetes.io:kube-apiserver-serving:")
        .isEqualTo(TrustBundleController.name(ONE));
    assertThat(first.spec().trustBundleOr("")).isEqualTo(ONE);
    assertThat(decide(ONE)).containsExactly(first);
    assertThat(decide(TWO))
        .singleElement()
        .satisfies(bundle -> assertThat(bundle.spec().trustBundleOr("")).isEqualTo(TWO));
  }

  @Test
  void whatSomebodyChangedIsPutRight() {
    ClusterTrustBundle made = decide(ONE).getFirst();
    world.put(
        Types.CLUSTER_TRUST_BUNDLE, made.withSpec(made.spec().withTrustBundle("something else")));
    assertThat(decide(ONE).getFirst().spec().trustBundleOr("")).isEqualTo(ONE);
  }

  @Test
  void withoutAnAuthorityThereIsNoBundle() {
    assertThat(decide("the authority")).isEmpty();
  }
}
