package dev.kapell.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.autoscaling.v1.Scale;
import dev.kapell.api.autoscaling.v1.ScaleSpec;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import dev.kapell.api.autoscaling.v2.MetricStatus;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.world.Make;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final HorizontalPodAutoscaler AUTOSCALER =
      HorizontalPodAutoscaler.builder()
          .metadata(Make.meta("web"))
          .spec(HorizontalPodAutoscalerSpec.builder().minReplicas(2).maxReplicas(10).build())
          .build();

  @ParameterizedTest(name = "{0} replicas, advised {1}: {2}")
  @CsvSource({
    "3, 5, 5, 'cpu resource above target'",
    "3, 3, 0, ''",
    "3, 2, 2, 'All metrics below target'",
    "1, 0, 2, 'Current number of replicas below Spec.MinReplicas'",
    "12, 0, 10, 'Current number of replicas above Spec.MaxReplicas'",
  })
  void scalesToWhatIsAdvisedWithinBounds(int wanted, int advised, int scaled, String why) {
    Plan plan = decide(wanted, replicas(advised));
    List<String> patches = patches(plan);
    if (scaled == 0) {
      assertThat(patches).isEmpty();
    } else {
      assertThat(patches).containsExactly("scale {\"spec\":{\"replicas\":" + scaled + "}}");
      assertThat(told(plan))
          .containsExactly("SuccessfulRescale New size: " + scaled + "; reason: " + why);
      HorizontalPodAutoscaler after = after(plan);
      assertThat(after.status().lastScaleTime()).isEqualTo(NOW);
      assertThat(after.status().currentReplicasOr(0)).isEqualTo(wanted);
      assertThat(after.status().desiredReplicasOr(0)).isEqualTo(scaled);
    }
    assertThat(plan.again()).contains(Duration.ofSeconds(15));
  }

  @Test
  void aTargetWithoutReplicasIsSwitchedOff() {
    Plan plan = decide(0, new Advice.Unasked());
    assertThat(patches(plan)).isEmpty();
    assertThat(condition(plan, "ScalingActive")).startsWith("False ScalingDisabled");
  }

  @Test
  void aMissingMetricIsToldAndChangesNothing() {
    Advice.Trouble trouble =
        new Advice.Trouble(
            "FailedGetResourceMetric",
            "failed to get cpu utilization: nobody measures",
            "the HPA was unable to compute the replica count: failed to get cpu utilization: nobody measures");
    Advice.None none = new Advice.None(trouble, List.of(), List.of(trouble), "invalid metrics");
    Plan plan = decide(3, none);
    assertThat(patches(plan)).isEmpty();
    assertThat(told(plan))
        .containsExactly(
            "FailedGetResourceMetric failed to get cpu utilization: nobody measures",
            "FailedComputeMetricsReplicas invalid metrics");
    assertThat(condition(plan, "ScalingActive"))
        .isEqualTo("False FailedGetResourceMetric " + trouble.message());
    HorizontalPodAutoscaler after = after(plan);
    Plan again = Decision.of(new Seen(after, found(3), none, History.NONE), NOW.plusSeconds(15));
    assertThat(after(again)).as("nothing new is written").isEqualTo(after);
  }

  @Test
  void aTargetThatIsNotThereIsTold() {
    Plan plan =
        Decision.of(
            new Seen(
                AUTOSCALER,
                new Seen.Target.Lost("deployments.apps \"web\" not found"),
                new Advice.Unasked(),
                History.NONE),
            NOW);
    assertThat(condition(plan, "AbleToScale"))
        .isEqualTo(
            "False FailedGetScale the HPA controller was unable to get the target's current scale: deployments.apps \"web\" not found");
    assertThat(told(plan)).containsExactly("FailedGetScale deployments.apps \"web\" not found");
  }

  @Test
  void aRefusalToScaleIsToldOnTheAutoscaler() {
    Seen seen = new Seen(AUTOSCALER, found(3), replicas(5), History.NONE);
    Change scale = Decision.of(seen, NOW).changes().getFirst();
    Plan plan = Decision.refused(seen, scale, "quota", NOW);
    assertThat(condition(plan, "AbleToScale"))
        .isEqualTo(
            "False FailedUpdateScale the HPA controller was unable to update the target scale: quota");
    assertThat(told(plan))
        .containsExactly(
            "FailedRescale New size: 5; reason: cpu resource above target; error: quota");
  }

  @Test
  void whereAMetricIsMissingTheOthersMayOnlyAskForMore() {
    MetricStatus status = MetricStatus.EMPTY;
    Proposal.Unknown unknown =
        new Proposal.Unknown("FailedGetPodsMetric", "why", "pods metric value", status);
    Proposal.Replicas more = new Proposal.Replicas(5, "cpu resource", status);
    assertThat(Advice.of(List.of(unknown, more), 3)).isInstanceOf(Advice.Replicas.class);
    assertThat(Advice.of(List.of(unknown, more), 7))
        .isInstanceOfSatisfying(
            Advice.None.class,
            none ->
                assertThat(none.whole())
                    .isEqualTo(
                        "invalid metrics (1 invalid out of 2), first error is: failed to get pods metric value: why"));
    assertThat(Advice.of(List.of(more, new Proposal.Replicas(8, "queue", status)), 7))
        .isInstanceOfSatisfying(
            Advice.Replicas.class, replicas -> assertThat(replicas.metric()).isEqualTo("queue"));
  }

  private static Plan decide(int wanted, Advice advice) {
    return Decision.of(new Seen(AUTOSCALER, found(wanted), advice, History.NONE), NOW);
  }

  private static Seen.Target found(int wanted) {
    Scale scale =
        Scale.builder()
            .metadata(Make.meta("web"))
            .spec(ScaleSpec.builder().replicas(wanted).build())
            .build();
    return new Seen.Target.Found(Types.DEPLOYMENT, scale);
  }

  private static Advice replicas(int count) {
    return new Advice.Replicas(count, "cpu resource", List.of(), List.of());
  }

  private static List<String> patches(Plan plan) {
    List<String> patches = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (change instanceof Change.PatchObject<?> patch) {
        patches.add(patch.patch().subresource() + " " + patch.patch().body());
      }
    }
    return patches;
  }

  private static List<String> told(Plan plan) {
    List<String> told = new ArrayList<>();
    for (Change change : plan.changes()) {
      if (change instanceof Change.Tell tell) {
        told.add(tell.reason() + " " + tell.message());
      }
    }
    return told;
  }

  private static HorizontalPodAutoscaler after(Plan plan) {
    for (Change change : plan.changes()) {
      if (change instanceof Change.UpdateStatus<?> update) {
        return (HorizontalPodAutoscaler) update.after();
      }
    }
    throw new AssertionError("no status in " + plan);
  }

  private static String condition(Plan plan, String type) {
    return after(plan).status().conditions().stream()
        .filter(each -> each.typeOr("").equals(type))
        .map(each -> each.statusOr("") + " " + each.reasonOr("") + " " + each.messageOr(""))
        .findFirst()
        .orElse("");
  }
}
