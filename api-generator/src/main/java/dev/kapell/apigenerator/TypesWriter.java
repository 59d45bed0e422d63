package dev.kapell.apigenerator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the registry {@code Types} from the table of served kinds. */
final class TypesWriter {
  private final Source out = new Source();
  private final List<String> constants = new ArrayList<>();

  /** A row of {@code kinds.tsv}. */
  private record Row(
      TypeName type,
      String plural,
      String singular,
      boolean namespaced,
      String shortNames,
      String categories,
      String subresources,
      String constant) {
    static Row read(String line) {
      String[] cells = line.split("\t", -1);
      int dot = cells[0].indexOf('.');
      return new Row(
          new TypeName(cells[0].substring(0, dot), cells[0].substring(dot + 1), cells[1]),
          cells[2],
          cells[3],
          cells[4].equals("Namespaced"),
          cells[5],
          cells[6],
          cells[7],
          cells.length < 9 || cells[8].isBlank() ? Naming.constant(cells[1]) : cells[8]);
    }
  }

  /** The compilation unit. */
  String write(List<String> table, Map<TypeName, TypeDef> types) {
    out.line("package dev.kapell.api;");
    out.line("");
    out.line("import java.util.List;");
    out.line("import java.util.Optional;");
    out.line("");
    out.line("/** Every built-in kind that is served. */");
    out.line("public final class Types {");
    for (String line : table) {
      if (!line.startsWith("#") && !line.isBlank()) {
        constant(Row.read(line), types);
      }
    }
    out.line(
        "private static final List<ResourceType<?>> ALL = List.of("
            + String.join(", ", constants)
            + ");");
    out.line("private Types() {}");
    out.line("/** All of them. */");
    out.line("public static List<ResourceType<?>> all() {");
    out.line("return ALL;");
    out.line("}");
    out.line(
        "/** The kind of that API version, for instance {@code apps/v1} and {@code Deployment}. */");
    out.line("public static Optional<ResourceType<?>> find(String apiVersion, String kind) {");
    out.line("for (ResourceType<?> type : ALL) {");
    out.line(
        "if (type.kind().equals(kind) && type.apiVersion().equals(apiVersion)) return Optional.of(type);");
    out.line("}");
    out.line("return Optional.empty();");
    out.line("}");
    return out.line("}").toString();
  }

  private void constant(Row row, Map<TypeName, TypeDef> types) {
    TypeDef type = types.get(row.type());
    if (type == null || !type.isObject()) {
      throw new IllegalStateException(
          "kinds.tsv names " + row.type().id() + ", which is no kind of the published models");
    }
    String java = row.type().javaName();
    constants.add(row.constant());
    out.line(
        "/** {@code " + row.plural() + "} of {@code " + type.apiVersion().orElseThrow() + "}. */");
    out.line("public static final ResourceType<" + java + "> " + row.constant() + " =");
    String arguments =
        String.join(
            ", ",
            text(Naming.apiGroup(row.type().group())),
            text(row.type().version()),
            text(row.type().name()),
            text(row.plural()),
            text(row.singular()),
            String.valueOf(row.namespaced()),
            list(row.shortNames()),
            list(row.categories()),
            list(row.subresources()),
            java + ".CODEC",
            java + "::withMetadata");
    out.line("    new ResourceType<>(" + arguments + ");");
  }

  private static String text(String value) {
    return "\"" + value + "\"";
  }

  private static String list(String commaSeparated) {
    return commaSeparated.isBlank()
        ? "List.of()"
        : Arrays.stream(commaSeparated.split(",", -1))
            .map(TypesWriter::text)
            .collect(Collectors.joining(", ", "List.of(", ")"));
  }
}
