package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.HPAScalingRules;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import org.jspecify.annotations.Nullable;

/**
 * How far from its target a metric may be before anything is done.
 *
 * @param down as a part of the target, below it
 * @param up the same above it
 */
record Tolerance(double down, double up) {
  private static final double DEFAULT = 0.1;

  /** What the autoscaler says of it, or a tenth. */
  static Tolerance of(HorizontalPodAutoscaler autoscaler) {
    HorizontalPodAutoscalerBehavior behavior = autoscaler.spec().behavior();
    return behavior == null
        ? new Tolerance(DEFAULT, DEFAULT)
        : new Tolerance(of(behavior.scaleDown()), of(behavior.scaleUp()));
  }

  private static double of(@Nullable HPAScalingRules rules) {
    return rules == null || rules.tolerance() == null
        ? DEFAULT
        : rules.tolerance().amount().doubleValue();
  }

  /** Whether a use of {@code ratio} times the target is near enough. */
  boolean covers(double ratio) {
    return 1.0 - down <= ratio && ratio <= 1.0 + up;
  }
}
