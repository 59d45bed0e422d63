package dev.kapell.controllers.autoscaling;

import dev.kapell.api.ResourceType;
import dev.kapell.api.autoscaling.v1.Scale;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;

/**
 * An autoscaler and all that its decision depends on. Immutable.
 *
 * @param advice what the metrics say now
 * @param history what was advised and done lately
 */
record Seen(HorizontalPodAutoscaler autoscaler, Target target, Advice advice, History history) {

  /** What it scales. */
  sealed interface Target {
    /** It is there. */
    record Found(ResourceType<?> type, Scale scale) implements Target {
      /** The replicas it asks for. */
      int wanted() {
        return scale.spec().replicasOr(0);
      }
    }

    /**
     * It can not be scaled.
     *
     * @param why as the server says it
     */
    record Lost(String why) implements Target {}
  }
}
