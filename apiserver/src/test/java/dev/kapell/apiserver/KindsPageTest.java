package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.validation.Honour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@code docs/kinds.md} says of every kind and field how it is honoured, and is never stale. */
class KindsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "kinds.md");

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    String page = page();
    if (Boolean.getBoolean("kapell.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/kinds.md is stale: mvn -pl apiserver test -Dtest=KindsPageTest -Dkapell.write=true")
        .isEqualTo(page);
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Every kind and field, and how it is honoured

        Made from `honour.txt` and the schema by `KindsPageTest`; do not edit. *Stored only* says that the value is kept and shown and has no
        effect; a client that sets such a field gets a warning when a reason is given.

        ## Kinds

        | kind | resource | scope | short | subresources | honoured |
        |---|---|---|---|---|---|
        """);
    Types.all().stream()
        .sorted(Comparator.comparing(ResourceType<?>::apiVersion).thenComparing(t -> t.kind()))
        .forEach(type -> page.append(kind(type)));
    page.append("\n## Fields\n");
    for (TypeSchema type : reachable().values()) {
      page.append("\n**").append(type.name()).append("**\n");
      byWhom(type)
          .forEach(
              (who, fields) ->
                  page.append("- ")
                      .append(who)
                      .append(": ")
                      .append(String.join(", ", fields))
                      .append('\n'));
    }
    return page.toString();
  }

  private static String kind(ResourceType<?> type) {
    String name = Schema.kind(type.apiVersion(), type.kind()).orElseThrow().name();
    return "| %s %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            type.apiVersion(),
            type.kind(),
            type.plural(),
            type.namespaced() ? "namespace" : "cluster",
            String.join(" ", type.shortNames()),
            String.join(" ", type.subresources()),
            Honour.of(name, "spec"));
  }

  private static Map<String, TypeSchema> reachable() {
    Map<String, TypeSchema> seen = new TreeMap<>();
    Deque<TypeSchema> next = new ArrayDeque<>();
    Types.all()
        .forEach(type -> next.add(Schema.kind(type.apiVersion(), type.kind()).orElseThrow()));
    while (!next.isEmpty()) {
      TypeSchema type = next.remove();
      if (!type.fields().isEmpty() && seen.put(type.name(), type) == null) {
        type.fields().values().stream()
            .filter(FieldSchema::isReference)
            .forEach(field -> Schema.type(field.reference()).ifPresent(next::add));
      }
    }
    return seen;
  }

  private static Map<String, Set<String>> byWhom(TypeSchema type) {
    Map<String, Set<String>> fields = new LinkedHashMap<>();
    for (String field : type.fields().keySet()) {
      fields.computeIfAbsent(Honour.of(type.name(), field), who -> new TreeSet<>()).add(field);
    }
    return fields;
  }
}
