package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class NetworkRules {
  private NetworkRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
