package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class ServiceRules {
  private ServiceRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
