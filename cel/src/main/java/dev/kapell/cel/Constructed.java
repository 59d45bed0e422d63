package dev.kapell.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExprVisitor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which objects an expression makes, by type, and which fields it gives them. */
final class Constructed extends CelExprVisitor {
  private final Map<String, Set<String>> fields = new HashMap<>();

  private Constructed() {}

  static Map<String, Set<String>> in(CelExpr expr) {
    Constructed found = new Constructed();
    found.visit(expr);
    return found.fields;
  }

  @Override
  protected void visit(CelExpr expr, CelExpr.CelStruct struct) {
    Set<String> given = fields.computeIfAbsent(struct.messageName(), n -> new TreeSet<>());
    struct.entries().forEach(entry -> given.add(entry.fieldKey()));
    super.visit(expr, struct);
  }
}
