package dev.kapell.apiserver.tree;

import dev.kapell.api.DecodeException;
import dev.kapell.api.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file in YAML, read strictly: a field that nobody knows is an error, as is another
 * kind. Immutable.
 */
public final class Settings {
  private final String source;
  private final Obj object;

  private Settings(String source, Obj object) {
    this.source = source;
    this.object = object;
  }

  /** What is wrong with a configuration, in a sentence that names the file and the field. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With the whole sentence. */
    public Invalid(String message) {
      super(message);
    }
  }

  /**
   * The document in {@code file}.
   *
   * @param apiVersions those that are understood
   */
  public static Settings read(Path file, String kind, Set<String> apiVersions) throws IOException {
    return parse(file.toString(), Files.readString(file), kind, apiVersions);
  }

  /** The document in {@code yaml}; {@code source} is what messages call it. */
  public static Settings parse(String source, String yaml, String kind, Set<String> apiVersions) {
    @Nullable Object tree;
    try {
      tree = Yaml.document(yaml);
    } catch (DecodeException e) {
      throw new Invalid(source + ": " + e.getMessage());
    }
    return of(source, tree, kind, apiVersions);
  }

  /** The document that was read into {@code tree}; {@code source} is what messages call it. */
  public static Settings of(
      String source, @Nullable Object tree, String kind, Set<String> apiVersions) {
    Settings settings = new Settings(source, object(source, "", tree));
    if (!settings.text("kind").equals(kind)) {
      throw settings.invalid("kind", "must be " + kind);
    }
    if (!apiVersions.contains(settings.text("apiVersion"))) {
      throw settings.invalid(
          "apiVersion",
          "must be one of " + String.join(", ", apiVersions.stream().sorted().toList()));
    }
    return settings;
  }

  private static Obj object(String source, String path, @Nullable Object tree) {
    if (!(tree instanceof Map<?, ?>)) {
      throw new Invalid(source + ": " + (path.isEmpty() ? "the document" : path) + " is no object");
    }
    @SuppressWarnings("unchecked") // YAML's keys are texts
    Map<String, Object> map = (Map<String, Object>) tree;
    return Obj.at(map, path);
  }

  /** Refuses fields other than {@code names}. */
  public Settings only(String... names) {
    for (String field : object.map().keySet()) {
      if (!List.of(names).contains(field)) {
        throw invalid(field, "is not a known field; known are " + String.join(", ", names));
      }
    }
    return this;
  }

  /** Whether {@code field} is there. */
  public boolean has(String field) {
    return object.has(field);
  }

  /** The names of the fields that are there. */
  public Set<String> fields() {
    return Set.copyOf(object.map().keySet());
  }

  /** The text, empty when absent. */
  public String text(String field) {
    return switch (object.get(field)) {
      case null -> "";
      case String text -> text;
      default -> throw invalid(field, "must be a text");
    };
  }

  /** The truth value, {@code fallback} when absent. */
  public boolean flag(String field, boolean fallback) {
    return switch (object.get(field)) {
      case null -> fallback;
      case Boolean flag -> flag;
      default -> throw invalid(field, "must be true or false");
    };
  }

  /** The whole number from {@code least} to {@code most}; {@code fallback} when absent. */
  public int number(String field, int least, int most, int fallback) {
    return switch (object.get(field)) {
      case null -> fallback;
      case Long number when number >= least && number <= most -> Math.toIntExact(number);
      case Integer number when number >= least && number <= most -> number;
      default -> throw invalid(field, "must be a whole number from " + least + " to " + most);
    };
  }

  /** The span of time as Go writes it, for instance {@code 1m30s}; {@code fallback} when absent. */
  public Duration span(String field, Duration fallback) {
    String text = text(field);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      return Spans.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid(field, String.valueOf(e.getMessage()));
    }
  }

  /** The texts, none when absent. */
  public List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (Object item : items(field)) {
      if (!(item instanceof String text)) {
        throw invalid(field, "must be a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  /** The objects of a list, none when absent. */
  public List<Settings> list(String field) {
    List<Settings> settings = new ArrayList<>();
    for (Object item : items(field)) {
      settings.add(new Settings(source, object(source, object.at(field, settings.size()), item)));
    }
    return settings;
  }

  /** The object under {@code field}, an empty one when absent or null. */
  public Settings child(String field) {
    Object value = object.get(field);
    return new Settings(source, object(source, object.at(field), value == null ? Map.of() : value));
  }

  /** The whole object as it was read. */
  public Map<String, Object> tree() {
    return object.map();
  }

  private List<?> items(String field) {
    return switch (object.get(field)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw invalid(field, "must be a list");
    };
  }

  /** The failure that {@code field} causes. */
  public Invalid invalid(String field, String why) {
    return new Invalid(source + ": " + object.at(field) + " " + why);
  }
}
