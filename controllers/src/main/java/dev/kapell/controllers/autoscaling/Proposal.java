package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.MetricStatus;

/** What one metric says of the replicas. Immutable. */
sealed interface Proposal {
  /** What the autoscaler's status shows of the metric. */
  MetricStatus status();

  /**
   * So many.
   *
   * @param metric how a person calls what led to it
   */
  record Replicas(int count, String metric, MetricStatus status) implements Proposal {}

  /**
   * It says nothing.
   *
   * @param reason of the condition and the event
   * @param why a sentence without an end
   * @param noun what could not be had, for instance {@code cpu resource metric value}
   */
  record Unknown(String reason, String why, String noun, MetricStatus status) implements Proposal {}
}
