package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class BatchRules {
  private BatchRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
