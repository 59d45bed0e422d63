package dev.kapell.apiserver.validation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What single fields have to obey, read from {@code fields.txt}: a line with a type, then its
 * fields, each with checks. {@code name[]} stands for each item of a list, {@code name{}} for each
 * value of a map. A check that is marked {@code fixed} is one on changes.
 */
final class FieldTable {
  private static final String FILE = "fields.txt";

  /**
   * The checks of one field.
   *
   * @param whole on the value itself
   * @param each on its items or map values
   * @param fixed whether it may not change
   */
  record Line(List<FieldCheck> whole, List<FieldCheck> each, boolean fixed) {
    Line and(Line more) {
      return new Line(join(whole, more.whole), join(each, more.each), fixed || more.fixed);
    }

    private static List<FieldCheck> join(List<FieldCheck> one, List<FieldCheck> other) {
      List<FieldCheck> all = new ArrayList<>(one);
      all.addAll(other);
      return List.copyOf(all);
    }
  }

  private FieldTable() {}

  /** By type, then by field. */
  static Map<String, Map<String, Line>> load() {
    Map<String, Map<String, Line>> types = new HashMap<>();
    Map<String, Line> fields = new HashMap<>();
    for (String raw : lines(FILE)) {
      String line = raw.strip();
      if (!raw.startsWith(" ")) {
        fields = types.computeIfAbsent(line, type -> new HashMap<>());
        continue;
      }
      int colon = line.indexOf(": ");
      String name = line.substring(0, colon);
      boolean each = name.endsWith("[]") || name.endsWith("{}");
      String field = each ? name.substring(0, name.length() - 2) : name;
      fields.merge(field, line(line.substring(colon + 2), each), Line::and);
    }
    return types;
  }

  private static Line line(String checks, boolean each) {
    List<FieldCheck> parsed = new ArrayList<>();
    boolean fixed = false;
    for (String check : checks.split("; ", -1)) {
      if (check.equals("fixed")) {
        fixed = true;
      } else {
        parsed.add(FieldChecks.parse(check.strip()));
      }
    }
    return each
        ? new Line(List.of(), List.copyOf(parsed), fixed)
        : new Line(List.copyOf(parsed), List.of(), fixed);
  }

  /** The lines of a table, without empty ones and comments. */
  static List<String> lines(String file) {
    try (InputStream in = FieldTable.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from this program's files");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
