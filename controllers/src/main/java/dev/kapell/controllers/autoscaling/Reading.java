package dev.kapell.controllers.autoscaling;

import java.util.Map;

/** What the source of one metric said. Immutable. */
sealed interface Reading {
  /** One value for each pod that has it, by the pod's name. */
  record OfPods(Map<String, Sample> samples) implements Reading {
    /** Copies. */
    public OfPods {
      samples = Map.copyOf(samples);
    }
  }

  /** One value for all, in thousandths. */
  record Total(long milli) implements Reading {}

  /**
   * There is no value.
   *
   * @param why a sentence without an end
   */
  record Missing(String why) implements Reading {}
}
