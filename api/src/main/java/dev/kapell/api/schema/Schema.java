package dev.kapell.api.schema;

import dev.kapell.api.GroupVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The structure of every built-in type. Loaded once, when first asked (a few milliseconds); the
 * descriptions apart from it.
 *
 * <p>How lists merge comes from {@code lists.tsv}, which follows the reference's {@code
 * x-kubernetes-} extensions.
 */
public final class Schema {
  private record Merge(
      String listType,
      List<String> keys,
      List<String> strategies,
      String mergeKey,
      String fallback,
      boolean always) {
    static final Merge NONE = new Merge("", List.of(), List.of(), "", "", false);
  }

  private static final class Structure {
    static final Map<String, TypeSchema> TYPES = load();
  }

  private static final class Texts {
    static final Map<String, String> ALL = loadTexts();
  }

  private Schema() {}

  /** The type of that name, for instance {@code core.v1.Pod}. */
  public static Optional<TypeSchema> type(String name) {
    return Optional.ofNullable(Structure.TYPES.get(name));
  }

  /** The type of a kind, for instance {@code apps/v1} and {@code Deployment}. */
  public static Optional<TypeSchema> kind(String apiVersion, String kind) {
    GroupVersion named = GroupVersion.of(apiVersion);
    String group = named.group().isEmpty() ? "core" : named.group();
    int dot = group.indexOf('.');
    String label = dot < 0 ? group : group.substring(0, dot);
    return type(label + "." + named.version() + "." + kind);
  }

  /** Every type, by name. */
  public static Collection<TypeSchema> all() {
    return Structure.TYPES.values();
  }

  /**
   * The description of a type, or of its {@code field} when that is not empty; empty when there is
   * none.
   */
  public static String description(String type, String field) {
    return Texts.ALL.getOrDefault(type + "\t" + field, "");
  }

  private static Map<String, TypeSchema> load() {
    Map<String, Merge> merges = loadMerges();
    Map<String, TypeSchema> types = new TreeMap<>();
    Map<String, FieldSchema> fields = new TreeMap<>();
    String owner = "";
    for (String line : lines("types.tsv")) {
      String[] cells = line.split("\t", -1);
      if (cells[0].equals("T")) {
        owner = cells[1];
        fields = new TreeMap<>();
        boolean atomic = merges.getOrDefault(owner + "\t-", Merge.NONE).listType().equals("atomic");
        types.put(
            owner,
            new TypeSchema(
                owner, cells[2].equals("kind"), atomic, Collections.unmodifiableMap(fields)));
      } else {
        Merge merge = merges.getOrDefault(owner + "\t" + cells[1], Merge.NONE);
        fields.put(cells[1], field(cells, merge));
      }
    }
    return types;
  }

  private static FieldSchema field(String[] cells, Merge merge) {
    FieldSchema.Form form =
        switch (cells[2]) {
          case "m" -> FieldSchema.Form.MAP;
          case "l" -> FieldSchema.Form.LIST;
          default -> FieldSchema.Form.SINGLE;
        };
    return new FieldSchema(
        cells[1],
        form,
        cells[3],
        cells[4].equals("required"),
        cells[5].equals("zero"),
        merge.listType(),
        merge.keys(),
        merge.strategies(),
        merge.mergeKey(),
        merge.fallback(),
        merge.always());
  }

  private static Map<String, Merge> loadMerges() {
    Map<String, Merge> merges = new HashMap<>();
    for (String line : lines("/dev/kapell/api/lists.tsv")) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] cells = line.split("\t", -1);
      String keys = cells.length > 4 ? cells[4] : "";
      merges.merge(cells[0] + "\t" + cells[1], merge(cells[2], cells[3], keys), Schema::together);
    }
    return merges;
  }

  private static Merge merge(String aspect, String value, String keys) {
    return switch (aspect) {
      case "apply" -> new Merge(value, words(keys), List.of(), "", "", false);
      case "strategic" -> new Merge("", List.of(), words(value), keys, "", false);
      case "default" -> new Merge("", List.of(), List.of(), "", value, false);
      case "object" -> new Merge("", List.of(), List.of(), "", "", true);
      default -> Merge.NONE;
    };
  }

  private static Merge together(Merge one, Merge other) {
    return new Merge(
        one.listType().isEmpty() ? other.listType() : one.listType(),
        one.keys().isEmpty() ? other.keys() : one.keys(),
        one.strategies().isEmpty() ? other.strategies() : one.strategies(),
        one.mergeKey().isEmpty() ? other.mergeKey() : one.mergeKey(),
        one.fallback().isEmpty() ? other.fallback() : one.fallback(),
        one.always() || other.always());
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.split(",", -1));
  }

  private static Map<String, String> loadTexts() {
    Map<String, String> texts = new HashMap<>();
    for (String line : lines("texts.tsv")) {
      String[] cells = line.split("\t", 3);
      texts.put(cells[0] + "\t" + cells[1], cells[2]);
    }
    return texts;
  }

  private static List<String> lines(String resource) {
    try (InputStream stream = Schema.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " is missing from the program");
      }
      List<String> lines = new ArrayList<>();
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
