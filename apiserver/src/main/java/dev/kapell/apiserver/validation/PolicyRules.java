package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class PolicyRules {
  private PolicyRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
