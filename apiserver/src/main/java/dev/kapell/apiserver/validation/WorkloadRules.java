package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class WorkloadRules {
  private WorkloadRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
