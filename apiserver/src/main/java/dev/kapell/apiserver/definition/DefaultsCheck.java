package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.custom.SchemaRules;
import dev.kapell.apiserver.custom.StructuralSchema;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the defaults of a structural schema obey it: no unknown fields, the right types, bounds
 * and rules. Used once, by one thread.
 */
final class DefaultsCheck {
  private final Findings findings;

  DefaultsCheck(Findings findings) {
    this.findings = findings;
  }

  /** Defaults below {@code additionalProperties} and combinations are refused elsewhere. */
  void check(Obj schema) {
    Object value = schema.get("default");
    if (value != null) {
      value(schema, value);
    }
    schema.find("items").ifPresent(this::check);
    Schemas.properties(schema).values().forEach(this::check);
  }

  private void value(Obj schema, Object value) {
    String path = schema.at("default");
    List<String> unknown = new ArrayList<>();
    StructuralSchema.pruneValue(Trees.copyOf(value), schema.map(), "", unknown);
    if (!unknown.isEmpty()) {
      findings.add(
          Ratchet.PRUNED_DEFAULTS, FieldError.invalid(path, value, "must not have unknown fields"));
    }
    SchemaRules.checkValue(value, schema.map(), path, findings.errors());
  }
}
