package dev.kapell.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.autoscaling.v2.HPAScalingPolicy;
import dev.kapell.api.autoscaling.v2.HPAScalingRules;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest(name = "from {0} to {1} within 2 and 20: {2}, {3}")
  @CsvSource({
    "3, 5, 5, DesiredWithinRange",
    "3, 9, 6, ScaleUpLimit",
    "1, 9, 4, ScaleUpLimit",
    "15, 40, 20, TooManyReplicas",
    "5, 1, 2, TooFewReplicas",
    "5, 5, 5, DesiredWithinRange",
  })
  void withoutABehaviorAStepUpAtMostDoubles(int current, int wanted, int held, String reason) {
    Pace pace = new Pace(spec(), History.NONE, current, NOW);
    assertThat(pace.bounded(wanted).replicas()).isEqualTo(held);
    assertThat(pace.bounded(wanted).reason()).isEqualTo(reason);
    assertThat(pace.bounded(wanted).limited()).isEqualTo(!reason.equals("DesiredWithinRange"));
  }

  /** Policies as TYPE value/period; then what was added so many seconds ago. */
  @ParameterizedTest(name = "{0} {1}, after +{2} {3} s ago, from 10: {4}")
  @CsvSource({
    "'Pods 4/60', Max, 0, 0, 14",
    "'Percent 100/60', Max, 0, 0, 20",
    "'Pods 4/60 Percent 100/60', Max, 0, 0, 20",
    "'Pods 4/60 Percent 100/60', Min, 0, 0, 14",
    "'Pods 4/60', Disabled, 0, 0, 10",
    "'Pods 4/60', Max, 3, 30, 11",
    "'Pods 4/60', Max, 4, 30, 10",
    "'Pods 4/60', Max, 6, 30, 10",
    "'Pods 4/60', Max, 4, 90, 14",
    "'Percent 10/60', Max, 0, 0, 11",
    "'Percent 1/60', Max, 0, 0, 11",
  })
  void policiesBoundTheWayUp(String policies, String select, int added, long ago, int expected) {
    History history = History.NONE.did(NOW.minusSeconds(ago), added);
    Pace pace = new Pace(spec(rules(policies, select, 0), null), history, 10, NOW);
    assertThat(pace.bounded(50).replicas()).isEqualTo(Math.min(20, expected));
  }

  @ParameterizedTest(name = "{0} {1}, after -{2} {3} s ago, from 10: {4}")
  @CsvSource({
    "'Pods 4/60', Max, 0, 0, 6",
    "'Percent 50/60', Max, 0, 0, 5",
    "'Pods 4/60 Percent 50/60', Max, 0, 0, 5",
    "'Pods 4/60 Percent 50/60', Min, 0, 0, 6",
    "'Pods 4/60', Disabled, 0, 0, 10",
    "'Pods 4/60', Max, 3, 30, 9",
    "'Pods 4/60', Max, 4, 90, 6",
    "'Percent 100/15', Max, 0, 0, 2",
  })
  void policiesBoundTheWayDown(
      String policies, String select, int removed, long ago, int expected) {
    History history = History.NONE.did(NOW.minusSeconds(ago), -removed);
    Pace pace = new Pace(spec(null, rules(policies, select, 0)), history, 10, NOW);
    assertThat(pace.bounded(0).replicas()).isEqualTo(expected);
  }

  @Test
  void downwardTheHighestAdviceOfFiveMinutesCounts() {
    History history =
        History.NONE.advise(NOW.minusSeconds(400), 9).advise(NOW.minusSeconds(200), 7);
    Pace.Held held = new Pace(spec(), history, 8, NOW).stabilized(3);
    assertThat(held.replicas()).isEqualTo(7);
    assertThat(held.reason()).isEqualTo("ScaleDownStabilized");
    assertThat(new Pace(spec(), history, 8, NOW).stabilized(12).replicas()).isEqualTo(12);
  }

  @Test
  void upwardTheLowestAdviceOfTheWindowCounts() {
    History history = History.NONE.advise(NOW.minusSeconds(100), 2).advise(NOW.minusSeconds(20), 5);
    HorizontalPodAutoscalerSpec spec = spec(rules("Pods 100/60", "Max", 60), null);
    Pace.Held held = new Pace(spec, history, 4, NOW).stabilized(9);
    assertThat(held.replicas()).isEqualTo(5);
    assertThat(held.reason()).isEqualTo("ScaleUpStabilized");
  }

  @Test
  void historyIsBoundedAndCountsEachChangeOnce() {
    History history = History.NONE;
    for (int i = 0; i < 2_000; i++) {
      history = history.advise(NOW.plusSeconds(i), i).did(NOW, 3);
    }
    assertThat(history.advised()).hasSizeLessThanOrEqualTo(512);
    assertThat(history.done()).containsExactly(new History.Done(NOW, 3));
  }

  private static HPAScalingRules rules(String policies, String select, int window) {
    List<HPAScalingPolicy> all = new ArrayList<>();
    String[] words = policies.split(" ", -1);
    for (int i = 0; i < words.length; i += 2) {
      String[] numbers = words[i + 1].split("/", -1);
      all.add(
          HPAScalingPolicy.builder()
              .type(words[i])
              .value(Integer.parseInt(numbers[0]))
              .periodSeconds(Integer.parseInt(numbers[1]))
              .build());
    }
    return HPAScalingRules.builder()
        .policies(all)
        .selectPolicy(select)
        .stabilizationWindowSeconds(window)
        .build();
  }

  private static HorizontalPodAutoscalerSpec spec() {
    return HorizontalPodAutoscalerSpec.builder().minReplicas(2).maxReplicas(20).build();
  }

  private static HorizontalPodAutoscalerSpec spec(
      @org.jspecify.annotations.Nullable HPAScalingRules up,
      @org.jspecify.annotations.Nullable HPAScalingRules down) {
    return spec()
        .withBehavior(
            HorizontalPodAutoscalerBehavior.builder().scaleUp(up).scaleDown(down).build());
  }
}
