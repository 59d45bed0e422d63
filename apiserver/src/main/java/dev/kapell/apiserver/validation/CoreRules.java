package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class CoreRules {
  private CoreRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
