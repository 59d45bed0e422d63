package dev.kapell.controllers.nodehealth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.Toleration;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.world.Make;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When pods go because of a taint NoExecute of their node. */
class TaintEvictionTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static Taint taint(@Nullable Instant added) {
    return Taint.builder().key("k").effect("NoExecute").timeAdded(added).build();
  }

  private static Pod pod(long agoSeconds, @Nullable Long tolerated) {
    Toleration toleration =
        Toleration.builder()
            .key("k")
            .operator("Exists")
            .effect("NoExecute")
            .tolerationSeconds(tolerated)
            .build();
    return Pod.builder()
        .metadata(Make.meta("p").withCreationTimestamp(NOW.minusSeconds(agoSeconds)))
        .spec(PodSpec.builder().nodeName("n").tolerations(List.of(toleration)).build())
        .build();
  }

  @ParameterizedTest(name = "taint {0} s ago, pod {1} s ago, tolerated for {2} s: goes {3}")
  @CsvSource({
    "100, 500, 60, true, ",
    "10, 500, 60, false, PT50S",
    "500, 10, 60, false, PT50S",
    "500, 100, 60, true, ",
    "500, 100, , false, ",
    "500, 100, 0, true, ",
  })
  void aPodHasItsTimeFromTheTaintOrFromItsComing(
      long taint, long pod, @Nullable Long tolerated, boolean goes, @Nullable Duration again) {
    Plan plan =
        TaintEvictionController.decideFor(
            new TaintEvictionController.Seen(
                List.of(taint(NOW.minusSeconds(taint))), List.of(pod(pod, tolerated))),
            NOW);
    assertThat(plan.changes().stream().anyMatch(Change.Delete.class::isInstance)).isEqualTo(goes);
    assertThat(plan.again().orElse(null)).isEqualTo(again);
  }

  @Test
  void aTaintWithoutATimeHasThatOfItsFirstSight() {
    TaintTimes times = new TaintTimes();
    assertThat(times.dated("n", List.of(taint(null)), NOW)).containsExactly(taint(NOW));
    Instant later = NOW.plusSeconds(60);
    assertThat(times.dated("n", List.of(taint(null)), later)).containsExactly(taint(NOW));
    assertThat(times.dated("n", List.of(), later)).isEmpty();
    assertThat(times.dated("n", List.of(taint(null)), later)).containsExactly(taint(later));
    assertThat(times.dated("n", List.of(taint(NOW)), later)).containsExactly(taint(NOW));
  }
}
