package dev.kapell.controllers.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedPodsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final FailedPods failed = new FailedPods();

  private static Pod pod(String uid, String node, String phase) {
    return Pod.EMPTY
        .withMetadata(
            ObjectMeta.EMPTY
                .withUid(uid)
                .withOwnerReferences(List.of(OwnerReference.builder().uid("set").build())))
        .withSpec(PodSpec.EMPTY.withNodeName(node))
        .withStatus(PodStatus.EMPTY.withPhase(phase));
  }

  private boolean mayGo(String uid, Instant now) {
    return failed.waits("set", List.of(pod(uid, "n1", "Failed")), now).isEmpty();
  }

  @Test
  void theFirstMayGoAtOnceAndEachFurtherOneWaitsTwiceAsLong() {
    assertThat(mayGo("a", NOW)).isTrue();
    assertThat(mayGo("a", NOW)).as("decided once, it stays decided").isTrue();
    assertThat(mayGo("b", NOW.plusMillis(900))).isFalse();
    assertThat(mayGo("b", NOW.plusMillis(1000))).isTrue();
    assertThat(mayGo("c", NOW.plusMillis(2900))).isFalse();
    assertThat(mayGo("c", NOW.plusMillis(3000))).isTrue();
  }

  @Test
  void anotherNodeAnotherSetAndPodsThatRunAreNotHeldUp() {
    assertThat(mayGo("a", NOW)).isTrue();
    assertThat(failed.waits("set", List.of(pod("x", "n2", "Failed")), NOW)).isEmpty();
    assertThat(failed.waits("other", List.of(pod("y", "n1", "Failed")), NOW)).isEmpty();
    assertThat(failed.waits("set", List.of(pod("z", "n1", "Running")), NOW)).isEmpty();
    assertThat(failed.waits("set", List.of(pod("w", "n1", "Failed")), NOW))
        .containsEntry("w", NOW.plusSeconds(1));
  }

  @Test
  void whatWasQuietForLongIsForgotten() {
    assertThat(mayGo("a", NOW)).isTrue();
    Instant later = NOW.plus(Duration.ofHours(1));
    assertThat(mayGo("b", later)).isTrue();
    assertThat(mayGo("c", later.plusSeconds(1))).as("as after a first failure").isTrue();
  }
}
