package dev.kapell.apiserver.validation;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The rules of each kind: those of its single fields and types ({@link FieldPlan}), and those of
 * its own.
 */
final class RulesTable {
  /** Groups of the generic API server, which knows less about finalizers. */
  private static final Set<String> PLAIN_GROUPS =
      Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io");

  static final Map<String, Rules> ROWS = rows();

  private RulesTable() {}

  private static Map<String, Rules> rows() {
    Map<String, Rules> own = new HashMap<>();
    PodRules.addTo(own);
    WorkloadRules.addTo(own);
    BatchRules.addTo(own);
    ServiceRules.addTo(own);
    CoreRules.addTo(own);
    StorageRules.addTo(own);
    PolicyRules.addTo(own);
    DefinitionRules.addTo(own);
    ApiServiceRules.addTo(own);
    Map<String, FieldPlan> plans = FieldPlan.all(FieldTable.load(), Laws.all());
    Map<String, Rules> rows = new HashMap<>(own);
    Set<String> seen = new HashSet<>();
    for (ResourceType<?> type : Types.all()) {
      // Of a kind in several versions the first is the stored one.
      FieldPlan plan =
          Schema.kind(type.apiVersion(), type.kind())
              .map(TypeSchema::name)
              .map(plans::get)
              .orElseGet(FieldPlan::empty);
      Rules rules = own.getOrDefault(type.qualifiedName(), Rules.NONE);
      if (seen.add(type.qualifiedName())) {
        rows.put(type.qualifiedName(), new Both(plan, rules, !PLAIN_GROUPS.contains(type.group())));
      }
    }
    return Map.copyOf(rows);
  }

  private record Both(FieldPlan plan, Rules own, boolean finalizers) implements Rules {
    @Override
    public void check(Obj object, Errors errors) {
      checkAll(object, errors);
      own.check(object, errors);
    }

    private void checkAll(Obj object, Errors errors) {
      if (finalizers) {
        MetadataRules.checkFinalizers(object.child("metadata"), errors);
      }
      plan.check(object, errors);
    }

    @Override
    public void checkChange(Obj object, Obj old, Errors errors) {
      plan.checkChange(object, old, errors);
      own.checkChange(object, old, errors);
    }

    @Override
    public void checkUpdate(Obj object, Obj old, Errors errors) {
      checkAll(object, errors);
      plan.checkChange(object, old, errors);
      own.checkUpdate(object, old, errors);
    }

    @Override
    public void checkStatus(Obj object, Obj old, Errors errors) {
      plan.checkStatus(object, errors);
      own.checkStatus(object, old, errors);
    }
  }
}
