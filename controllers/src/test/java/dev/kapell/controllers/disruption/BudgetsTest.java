package dev.kapell.controllers.disruption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.IntOrString;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.Condition;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.policy.v1.PodDisruptionBudgetSpec;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.world.Make;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest(name = "{0} {1}: {2} ready of {3}, wanted {4}: {5} allowed")
  @CsvSource({
    "minAvailable, 2, 3, 3, 3, 1",
    "minAvailable, 2, 2, 3, 3, 0",
    "minAvailable, 0, 1, 1, 1, 1",
    "minAvailable, 5, 3, 3, 3, 0",
    "minAvailable, 50%, 3, 3, 3, 1",
    "minAvailable, 100%, 3, 3, 3, 0",
    "minAvailable, 1%, 3, 3, 3, 2",
    "maxUnavailable, 1, 3, 3, 3, 1",
    "maxUnavailable, 1, 2, 3, 3, 0",
    "maxUnavailable, 0, 3, 3, 3, 0",
    "maxUnavailable, 34%, 3, 3, 3, 2",
    "maxUnavailable, 1, 3, 3, 5, 0",
    "maxUnavailable, 1, 0, 0, 0, 0",
  })
  void countsWhatMayBeDisrupted(
      String field, String value, int ready, int there, int wanted, int allowed) {
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < there; i++) {
      Pod pod = Pod.builder().metadata(Make.meta("p" + i)).build();
      pods.add(i < ready ? Make.ready(pod, NOW) : Make.unready(pod, NOW));
    }
    Plan plan = decide(budget(field, value), pods, new Wanted.Count(wanted, false, ""));
    assertThat(after(plan).status().disruptionsAllowedOr(0)).isEqualTo(allowed);
    assertThat(condition(plan).reasonOr(""))
        .isEqualTo(allowed > 0 ? "SufficientPods" : "InsufficientPods");
  }

  @Test
  void whatIsNotKnownIsNotAllowed() {
    Wanted.Count trouble =
        new Wanted.Count(0, false, "jobs.batch does not implement the scale subresource");
    Plan plan = decide(budget("maxUnavailable", "1"), List.of(), trouble);
    assertThat(after(plan).status().disruptionsAllowedOr(0)).isZero();
    assertThat(condition(plan).reasonOr("")).isEqualTo("SyncFailed");
    assertThat(condition(plan).messageOr("")).isEqualTo(trouble.trouble());
    assertThat(told(plan)).containsExactly("CalculateExpectedPodCountFailed");
    assertThat(told(decide(after(plan), List.of(), trouble))).as("told once").isEmpty();
  }

  @Test
  void aGrantedEvictionCountsForTwoMinutes() {
    Pod pod = Make.ready(Pod.builder().metadata(Make.meta("p0")).build(), NOW);
    PodDisruptionBudget budget = budget("minAvailable", "0");
    PodDisruptionBudget granted =
        budget.withStatus(budget.status().withDisruptedPods(Map.of("p0", NOW.minusSeconds(30))));
    Plan plan = decide(granted, List.of(pod), new Wanted.Count(1, false, ""));
    assertThat(after(plan).status().currentHealthyOr(0)).isZero();
    assertThat(plan.again()).contains(Duration.ofSeconds(90));
    PodDisruptionBudget old =
        budget.withStatus(budget.status().withDisruptedPods(Map.of("p0", NOW.minusSeconds(120))));
    Plan late = decide(old, List.of(pod), new Wanted.Count(1, false, ""));
    assertThat(after(late).status().currentHealthyOr(0)).isEqualTo(1);
    assertThat(after(late).status().disruptedPods()).isEmpty();
    assertThat(told(late)).containsExactly("NotDeleted");
  }

  @Test
  void podsOfNobodyAreNamed() {
    Pod pod = Make.ready(Pod.builder().metadata(Make.meta("p0")).build(), NOW);
    Plan plan = decide(budget("maxUnavailable", "1"), List.of(pod), new Wanted.Count(0, true, ""));
    assertThat(told(plan)).containsExactly("UnmanagedPods");
    assertThat(after(plan).status().disruptionsAllowedOr(0)).isZero();
  }

  private static Plan decide(PodDisruptionBudget budget, List<Pod> pods, Wanted.Count wanted) {
    return DisruptionController.decideFor(new DisruptionController.Seen(budget, pods, wanted), NOW);
  }

  private static PodDisruptionBudget budget(String field, String value) {
    IntOrString share = value.endsWith("%") ? IntOrString.of(value) : number(value);
    PodDisruptionBudgetSpec.Builder spec =
        PodDisruptionBudgetSpec.builder().selector(Make.selector("web"));
    return PodDisruptionBudget.builder()
        .metadata(Make.meta("web").withGeneration(1L))
        .spec(
            (field.equals("minAvailable") ? spec.minAvailable(share) : spec.maxUnavailable(share))
                .build())
        .build();
  }

  private static IntOrString number(String value) {
    return IntOrString.of(Integer.parseInt(value));
  }

  private static PodDisruptionBudget after(Plan plan) {
    for (Change change : plan.changes()) {
      if (change instanceof Change.UpdateStatus<?> update) {
        return (PodDisruptionBudget) update.after();
      }
    }
    throw new AssertionError("no status in " + plan);
  }

  private static Condition condition(Plan plan) {
    return after(plan).status().conditions().getFirst();
  }

  private static List<String> told(Plan plan) {
    List<String> told = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (change instanceof Change.Tell tell) {
        told.add(tell.reason());
      }
    }
    return told;
  }
}
