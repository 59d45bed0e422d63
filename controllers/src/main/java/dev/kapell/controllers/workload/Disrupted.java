package dev.kapell.controllers.workload;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Pods that end through no fault of theirs, as policies for failed pods see it. Pure. */
public final class Disrupted {
  private static final String TYPE = "DisruptionTarget";

  private Disrupted() {}

  /** The pod with the condition that says who ends it, and why. */
  public static Pod by(Pod pod, String reason, String message, Instant now) {
    List<PodCondition> conditions = new ArrayList<>(pod.status().conditions());
    conditions.removeIf(condition -> condition.typeOr("").equals(TYPE));
    conditions.add(
        PodCondition.builder()
            .type(TYPE)
            .status("True")
            .reason(reason)
            .message(message)
            .lastTransitionTime(now)
            .build());
    return pod.withStatus(pod.status().withConditions(conditions));
  }
}
