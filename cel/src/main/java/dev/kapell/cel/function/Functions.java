package dev.kapell.cel.function;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All functions that expressions can call, by name. Immutable. */
public final class Functions {
  private final Map<String, List<Function>> rows = new LinkedHashMap<>();
  private final List<CelFunctionDecl> declarations;

  /** The standard ones, which the type checker knows, and the libraries, which it is told of. */
  public Functions() {
    Stream.of(
            Operators.all(),
            Conversions.all(),
            Times.all(),
            Optionals.all(),
            Strings.standard(),
            Regexes.standard())
        .flatMap(List::stream)
        .forEach(this::put);
    List<Function> libraries =
        Stream.of(
                Strings.all(),
                Lists.all(),
                Sets.all(),
                Regexes.all(),
                Quantities.all(),
                Urls.all(),
                Addresses.all(),
                Formats.all(),
                Semvers.all(),
                Authorizations.all())
            .flatMap(List::stream)
            .toList();
    libraries.forEach(this::put);
    declarations = declarations(libraries);
  }

  private void put(Function row) {
    rows.computeIfAbsent(row.name(), n -> new ArrayList<>()).add(row);
  }

  private static List<CelFunctionDecl> declarations(List<Function> rows) {
    Map<String, List<CelOverloadDecl>> byName = new LinkedHashMap<>();
    for (Function row : rows) {
      Signature signature = row.signature();
      List<CelOverloadDecl> overloads = byName.computeIfAbsent(row.name(), n -> new ArrayList<>());
      String id = "kapell_" + row.name() + "_" + overloads.size();
      overloads.add(
          signature.member()
              ? CelOverloadDecl.newMemberOverload(id, signature.result(), signature.params())
              : CelOverloadDecl.newGlobalOverload(id, signature.result(), signature.params()));
    }
    return byName.entrySet().stream()
        .map(each -> CelFunctionDecl.newFunctionDeclaration(each.getKey(), each.getValue()))
        .toList();
  }

  /** What the type checker has to be told of. */
  public List<CelFunctionDecl> declarations() {
    return declarations;
  }

  /** The ways to call {@code name} with so many values, the receiver counted. */
  public List<Function> find(String name, int arity) {
    return rows.getOrDefault(name, List.of()).stream()
        .filter(row -> row.signature().params().size() == arity)
        .toList();
  }
}
