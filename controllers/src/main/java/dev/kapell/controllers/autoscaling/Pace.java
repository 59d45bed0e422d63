package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.HPAScalingPolicy;
import dev.kapell.api.autoscaling.v2.HPAScalingRules;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How fast replicas may follow the advice: windows, policies and bounds (reference:
 * HorizontalPodAutoscaler, configurable scaling behavior). Pure.
 *
 * @param spec with the defaults of the API
 * @param current replicas that the target asks for now
 */
record Pace(HorizontalPodAutoscalerSpec spec, History history, int current, Instant now) {
  private static final Duration DOWN_WINDOW = Duration.ofMinutes(5);

  /** Without a behavior, one step at most doubles, but is never held below this. */
  private static final int FREE_STEP = 4;

  private static final String DISABLED = "Disabled";
  private static final String STEADY = "the desired count is within the acceptable range";

  /**
   * A number of replicas, and what made it differ from what was asked.
   *
   * @param limited whether it differs
   */
  record Held(int replicas, boolean limited, String reason, String message) {}

  /** What stays of the advice when earlier advice is looked at too. */
  Held stabilized(int advised) {
    boolean up = advised >= current;
    HorizontalPodAutoscalerBehavior behavior = spec.behavior();
    int held = advised;
    if (behavior == null) {
      held = history.since(now, DOWN_WINDOW).reduce(advised, Math::max);
      up = false;
    } else if (up) {
      held =
          history.since(now, window(behavior.scaleUp(), Duration.ZERO)).reduce(advised, Math::min);
    } else {
      held =
          history.since(now, window(behavior.scaleDown(), DOWN_WINDOW)).reduce(advised, Math::max);
    }
    if (held == advised) {
      return new Held(held, false, "ReadyForNewScale", "recommended size matches current size");
    }
    return up
        ? new Held(
            held,
            true,
            "ScaleUpStabilized",
            "recent recommendations were lower than current one, applying the lowest recent recommendation")
        : new Held(
            held,
            true,
            "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent recommendation");
  }

  private static Duration window(@Nullable HPAScalingRules rules, Duration otherwise) {
    return rules == null || rules.stabilizationWindowSeconds() == null
        ? otherwise
        : Duration.ofSeconds(rules.stabilizationWindowSeconds());
  }

  /** What of {@code wanted} may be had now. */
  Held bounded(int wanted) {
    HorizontalPodAutoscalerBehavior behavior = spec.behavior();
    int most = spec.maxReplicasOr(current);
    int least = spec.minReplicasOr(1);
    int fastest =
        behavior == null
            ? Math.max(saturated(2L * current), FREE_STEP)
            : Math.max(current, upLimit(behavior.scaleUp()));
    int slowest = behavior == null ? 0 : Math.min(current, downLimit(behavior.scaleDown()));
    if (wanted > Math.min(most, fastest) && (wanted > current || behavior == null)) {
      return most > fastest
          ? new Held(
              fastest,
              true,
              "ScaleUpLimit",
              "the desired replica count is increasing faster than the maximum scale rate")
          : new Held(
              most,
              true,
              "TooManyReplicas",
              "the desired replica count is more than the maximum replica count");
    }
    if (wanted < Math.max(least, slowest) && (wanted < current || behavior == null)) {
      return least < slowest
          ? new Held(
              slowest,
              true,
              "ScaleDownLimit",
              "the desired replica count is decreasing faster than the maximum scale rate")
          : new Held(
              least,
              true,
              "TooFewReplicas",
              "the desired replica count is less than the minimum replica count");
    }
    return new Held(wanted, false, "DesiredWithinRange", STEADY);
  }

  private int upLimit(@Nullable HPAScalingRules rules) {
    if (rules == null) {
      return Integer.MAX_VALUE;
    }
    if (rules.selectPolicyOr("").equals(DISABLED)) {
      return current;
    }
    IntBinaryOperator select = rules.selectPolicyOr("Max").equals("Min") ? Math::min : Math::max;
    return limits(rules, this::upLimit).reduce(select).orElse(Integer.MAX_VALUE);
  }

  /** Rounded up: else ten percent of five would never be one more. */
  private int upLimit(HPAScalingPolicy policy) {
    long start = (long) current - history.added(now, period(policy));
    int value = policy.valueOr(0);
    return saturated(
        policy.typeOr("").equals("Pods")
            ? start + value
            : (long) Math.ceil(start * (1 + value / 100.0)));
  }

  private int downLimit(@Nullable HPAScalingRules rules) {
    if (rules == null) {
      return 0;
    }
    if (rules.selectPolicyOr("").equals(DISABLED)) {
      return current;
    }
    IntBinaryOperator select = rules.selectPolicyOr("Max").equals("Min") ? Math::max : Math::min;
    return limits(rules, this::downLimit).reduce(select).orElse(0);
  }

  private int downLimit(HPAScalingPolicy policy) {
    long start = (long) current + history.removed(now, period(policy));
    int value = policy.valueOr(0);
    return saturated(
        policy.typeOr("").equals("Pods") ? start - value : (long) (start * (1 - value / 100.0)));
  }

  private static IntStream limits(
      HPAScalingRules rules, java.util.function.ToIntFunction<HPAScalingPolicy> limit) {
    return rules.policies().stream().mapToInt(limit);
  }

  private static Duration period(HPAScalingPolicy policy) {
    return Duration.ofSeconds(policy.periodSecondsOr(0));
  }

  private static int saturated(long replicas) {
    return Math.clamp(replicas, 0, Integer.MAX_VALUE);
  }
}
