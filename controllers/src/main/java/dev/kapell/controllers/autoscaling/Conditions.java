package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conditions that are being changed, each type once. For one thread. */
final class Conditions {
  private final Map<String, HorizontalPodAutoscalerCondition> byType = new LinkedHashMap<>();
  private final Instant now;

  Conditions(List<HorizontalPodAutoscalerCondition> before, Instant now) {
    before.forEach(each -> byType.put(each.typeOr(""), each));
    this.now = now;
  }

  /** The time of transition is that of the last change of {@code status}. */
  void set(String type, String status, String reason, String message) {
    HorizontalPodAutoscalerCondition before = byType.get(type);
    Instant since =
        before != null && before.statusOr("").equals(status)
            ? before.lastTransitionTimeOr(now)
            : now;
    byType.put(
        type,
        HorizontalPodAutoscalerCondition.builder()
            .type(type)
            .status(status)
            .reason(reason)
            .message(message)
            .lastTransitionTime(since)
            .build());
  }

  List<HorizontalPodAutoscalerCondition> all() {
    return List.copyOf(byType.values());
  }
}
