package dev.kapell.apiserver.validation;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plans of types, each made when it is first asked for. Thread-safe: one thread at a time makes
 * plans.
 */
final class FieldPlans {
  private static final FieldTable.Line NO_CHECKS = new FieldTable.Line(List.of(), List.of(), false);

  private final Map<String, Map<String, FieldTable.Line>> table;
  private final Map<String, List<Law>> laws;
  private final Map<String, FieldPlan> made = new HashMap<>();

  /** Types whose fields are being looked at: one that holds itself is met again. */
  private final Set<String> open = new HashSet<>();

  /**
   * Refuses checks of types and fields that do not exist.
   *
   * @param table checks by type and field
   * @param laws checks of whole objects, by type
   */
  FieldPlans(Map<String, Map<String, FieldTable.Line>> table, Map<String, List<Law>> laws) {
    this.table = table;
    this.laws = laws;
    Stream.concat(table.keySet().stream(), laws.keySet().stream()).forEach(this::requireKnown);
  }

  private void requireKnown(String name) {
    TypeSchema type =
        Schema.type(name)
            .orElseThrow(() -> new IllegalStateException("checks name the unknown type " + name));
    for (String field : table.getOrDefault(name, Map.of()).keySet()) {
      if (!type.fields().containsKey(field)) {
        throw new IllegalStateException("checks: " + name + " has no field " + field);
      }
    }
  }

  /** The plan of a type, for instance {@code core.v1.Pod}; empty when nothing is checked. */
  synchronized FieldPlan of(String type) {
    FieldPlan plan = made.get(type);
    if (plan == null) {
      plan = new FieldPlan(laws.getOrDefault(type, List.of()));
      made.put(type, plan);
      open.add(type);
      plan.walk(Schema.type(type).map(this::fields).orElse(List.of()));
      open.remove(type);
    }
    return plan;
  }

  private List<FieldPlan.Field> fields(TypeSchema type) {
    Map<String, FieldTable.Line> lines = table.getOrDefault(type.name(), Map.of());
    List<FieldPlan.Field> fields = new ArrayList<>();
    for (FieldSchema field : type.fields().values()) {
      FieldPlan below = field.isReference() ? below(field.reference()) : null;
      FieldTable.Line line = lines.getOrDefault(field.name(), NO_CHECKS);
      if (below != null || lines.containsKey(field.name())) {
        fields.add(new FieldPlan.Field(field.name(), field.form(), line, below));
      }
    }
    return fields;
  }

  /** None when nothing is checked there; a type that is still being made counts as checked. */
  private @Nullable FieldPlan below(String type) {
    FieldPlan plan = of(type);
    return plan.isEmpty() && !open.contains(type) ? null : plan;
  }
}
