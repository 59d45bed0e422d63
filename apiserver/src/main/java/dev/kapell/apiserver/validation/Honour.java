package dev.kapell.apiserver.validation;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who fulfils what an object says, read from {@code honour.txt}. Immutable and thread-safe; loaded
 * when first asked.
 */
public final class Honour {
  private static final String FILE = "honour.txt";
  private static final String STORED = "stored only";

  private static final class Loaded {
    static final Map<String, String> TABLE = load();
    static final FieldPlans PLANS = plans();
  }

  private Honour() {}

  /**
   * By whom a field is fulfilled, or {@code stored only} and why.
   *
   * @param type for instance {@code core.v1.Container}
   * @param field its JSON name
   */
  public static String of(String type, String field) {
    String group = type.substring(0, type.lastIndexOf('.')) + ".*";
    String text =
        first(() -> type + "." + field, () -> type, () -> group)
            .orElseThrow(() -> new IllegalStateException(FILE + " says nothing of " + type));
    if (text.startsWith("!")) {
      return STORED + ": " + text.substring(1).strip();
    }
    return text.equals("-") ? STORED : text;
  }

  @SafeVarargs
  private static Optional<String> first(Supplier<String>... names) {
    for (Supplier<String> name : names) {
      String text = Loaded.TABLE.get(name.get());
      if (text != null) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  /** Adds a line for everything in {@code object} that is stored and has no effect. */
  public static void warn(String apiVersion, String kind, Obj object, List<String> warnings) {
    Optional<String> type = Schema.kind(apiVersion, kind).map(TypeSchema::name);
    if (type.isEmpty()) {
      return;
    }
    String whole = Loaded.TABLE.getOrDefault(type.get(), "");
    if (whole.startsWith("!")) {
      warnings.add(whole.substring(1).strip() + ": the object is stored and has no effect");
    }
    Errors found = new Errors();
    Loaded.PLANS.of(type.get()).check(object, found);
    found.list().stream()
        .map(error -> error.field() + ": " + error.message())
        .forEach(warnings::add);
  }

  private static Map<String, String> load() {
    Map<String, String> table = new HashMap<>();
    for (String line : FieldTable.lines(FILE)) {
      String[] cells = line.split("\t", -1);
      if (cells.length != 2 || table.put(cells[0], cells[1]) != null) {
        throw new IllegalStateException(FILE + ": not a name, a tab and a text, or twice: " + line);
      }
    }
    return Map.copyOf(table);
  }

  /** The fields that are marked, as checks that never pass. */
  private static FieldPlans plans() {
    Map<String, Map<String, FieldTable.Line>> checks = new HashMap<>();
    for (TypeSchema type : Schema.all()) {
      for (FieldSchema field : type.fields().values()) {
        String text = Loaded.TABLE.getOrDefault(type.name() + "." + field.name(), "");
        if (text.startsWith("!")) {
          checks
              .computeIfAbsent(type.name(), name -> new HashMap<>())
              .put(field.name(), line(text.substring(1).strip()));
        }
      }
    }
    return new FieldPlans(checks, Map.of());
  }

  private static FieldTable.Line line(String why) {
    FieldCheck warned =
        (value, at, errors) -> {
          if (!FieldChecks.isAbsent(value)) {
            errors.add(new FieldError("", at.path(), "stored, but has no effect: " + why));
          }
        };
    return new FieldTable.Line(List.of(warned), List.of(), false);
  }
}
