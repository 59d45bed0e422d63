package dev.kapell.controllers.podgc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods of a node that somebody has taken out of service. */
class OutOfServiceTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static Pod pod(String name) {
    return Pod.builder()
        .metadata(Make.meta(name).withUid(name))
        .spec(PodSpec.builder().nodeName("n").build())
        .build();
  }

  @Test
  void whatIsToGoGoesWithoutTheNodesWord() {
    Pod going = pod("going");
    Pod deleted = going.withMetadata(going.metadata().withDeletionTimestamp(NOW));
    Plan plan =
        PodGarbageController.decideFor(
            new PodGarbageController.Seen.OutOfService(List.of(pod("stays"), deleted)), NOW);
    assertThat(plan.changes()).hasSize(2);
    assertThat(
            ((Pod) ((Change.UpdateStatus<?>) plan.changes().getFirst()).after()).status().phase())
        .isEqualTo("Failed");
    assertThat(((Change.Delete<?>) plan.changes().getLast()).key().name()).isEqualTo("going");
  }
}
