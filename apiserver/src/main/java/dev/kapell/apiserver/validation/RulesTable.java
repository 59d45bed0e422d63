package dev.kapell.apiserver.validation;

import java.util.HashMap;
import java.util.Map;

/** One row for each kind that has rules of its own. */
final class RulesTable {
  static final Map<String, Rules> ROWS = rows();

  private RulesTable() {}

  private static Map<String, Rules> rows() {
    Map<String, Rules> rows = new HashMap<>();
    PodRules.addTo(rows);
    WorkloadRules.addTo(rows);
    BatchRules.addTo(rows);
    ServiceRules.addTo(rows);
    NetworkRules.addTo(rows);
    CoreRules.addTo(rows);
    StorageRules.addTo(rows);
    PolicyRules.addTo(rows);
    DefinitionRules.addTo(rows);
    return Map.copyOf(rows);
  }
}
