package dev.kapell.apiserver.validation;

import java.util.Map;

/** To be filled. */
final class StorageRules {
  private StorageRules() {}

  static void addTo(Map<String, Rules> rows) {}
}
