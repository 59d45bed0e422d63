package dev.kapell.cel;

import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.List;
import java.util.Optional;

/**
 * {@code list.sortBy(x, key)}. The library's own macro loses the type of the list.
 *
 * <p>It becomes {@code list.@sort(list.map(x, key))}.
 */
final class SortBy {
  static final CelMacro MACRO = CelMacro.newReceiverMacro("sortBy", 2, SortBy::expand);

  private SortBy() {}

  private static Optional<CelExpr> expand(
      CelMacroExprFactory factory, CelExpr list, List<CelExpr> args) {
    CelExpr variable = args.getFirst();
    if (variable.exprKind().getKind() != CelExpr.ExprKind.Kind.IDENT) {
      return Optional.of(
          factory.reportError(
              CelIssue.formatError(
                  factory.getSourceLocation(variable),
                  "sortBy(var, ...) variable name must be a simple identifier")));
    }
    String gathered = factory.getAccumulatorVarName();
    CelExpr keys =
        factory.fold(
            variable.ident().name(),
            factory.copy(list),
            gathered,
            factory.newList(),
            factory.newBoolLiteral(true),
            factory.newGlobalCall(
                "_+_", factory.newIdentifier(gathered), factory.newList(args.getLast())),
            factory.newIdentifier(gathered));
    return Optional.of(factory.newReceiverCall("lists.@sortByAssociatedKeys", list, keys));
  }
}
