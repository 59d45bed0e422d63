package dev.kapell.apiserver.validation;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The rules of each kind: those of its single fields and types ({@link FieldPlan}), and those of
 * its own.
 */
final class RulesTable {
  /** Groups of the generic API server, which knows less about finalizers. */
  private static final Set<String> PLAIN_GROUPS =
      Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io");

  private static final Map<String, Rules> OWN = own();
  private static final FieldPlans PLANS = new FieldPlans(FieldTable.load(), Laws.all());

  /** Of a kind in several versions the first is the stored one. */
  private static final Map<String, ResourceType<?>> STORED =
      Types.all().stream()
          .collect(Collectors.toMap(ResourceType::qualifiedName, t -> t, (first, later) -> first));

  /** Made one by one, since most servers meet few kinds, and none while they start. */
  private static final Map<String, Rules> ROWS = new ConcurrentHashMap<>();

  private RulesTable() {}

  /** The rules of a kind, by its qualified resource name. */
  static Rules of(String qualifiedResource) {
    return ROWS.computeIfAbsent(qualifiedResource, RulesTable::row);
  }

  private static Rules row(String name) {
    Rules own = OWN.getOrDefault(name, Rules.none());
    ResourceType<?> type = STORED.get(name);
    if (type == null) {
      return own;
    }
    FieldPlan plan =
        Schema.kind(type.apiVersion(), type.kind())
            .map(TypeSchema::name)
            .map(PLANS::of)
            .orElseGet(FieldPlan::empty);
    return new Both(plan, own, !PLAIN_GROUPS.contains(type.group()));
  }

  private static Map<String, Rules> own() {
    Map<String, Rules> own = new HashMap<>();
    PodRules.addTo(own);
    WorkloadRules.addTo(own);
    BatchRules.addTo(own);
    ServiceRules.addTo(own);
    CoreRules.addTo(own);
    EventRules.addTo(own);
    StorageRules.addTo(own);
    DeviceRules.addTo(own);
    TrustBundleRules.addTo(own);
    PolicyRules.addTo(own);
    DefinitionRules.addTo(own);
    ApiServiceRules.addTo(own);
    return Map.copyOf(own);
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

    @Override
    public void checkPart(String part, Obj object, Obj old, Errors errors) {
      checkAll(object, errors);
      own.checkPart(part, object, old, errors);
    }
  }
}
