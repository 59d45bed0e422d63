package dev.kapell.api.yaml;

import dev.kapell.api.DecodeException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * YAML 1.1 documents to trees of JSON's types: {@code yes} is true and {@code 0777} is 511, as in
 * Kubernetes' own parser; a time stays text; a key given twice is an error; aliases and depth are
 * bounded.
 */
public final class Yaml {
  private static final int MAX_ALIASES = 100;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_NODES = 2_000_000;
  private static final int MAX_CHARACTERS = 16 * 1024 * 1024;

  private Yaml() {}

  /**
   * Every document in {@code text}; an empty one is null.
   *
   * @throws DecodeException with line and column of what is wrong
   */
  public static List<@Nullable Object> documents(String text) {
    try {
      List<@Nullable Object> documents = new ArrayList<>();
      for (Object document : parser().loadAll(text)) {
        documents.add(new Plain().of(document, 0));
      }
      return documents;
    } catch (MarkedYAMLException e) {
      throw new DecodeException(position(e) + e.getProblem());
    } catch (YAMLException e) {
      throw new DecodeException("yaml: " + e.getMessage());
    } catch (IllegalArgumentException | ClassCastException e) { // SnakeYAML's, of a tag
      throw new DecodeException("yaml: a value is not what its tag says: " + e.getMessage());
    }
  }

  /** The only document in {@code text}; null when it is empty. */
  public static @Nullable Object document(String text) {
    List<@Nullable Object> documents = documents(text);
    if (documents.size() > 1) {
      throw new DecodeException("yaml: expected one document, found " + documents.size());
    }
    return documents.isEmpty() ? null : documents.getFirst();
  }

  /** {@code tree} as a YAML document in block style. */
  public static String text(@Nullable Object tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    StringWriter text = new StringWriter();
    new org.yaml.snakeyaml.Yaml(new Representer(options), options).dump(tree, text);
    return text.toString();
  }

  private static org.yaml.snakeyaml.Yaml parser() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_CHARACTERS);
    DumperOptions dumper = new DumperOptions();
    return new org.yaml.snakeyaml.Yaml(
        new SafeConstructor(options), new Representer(dumper), dumper, options, new JsonTypes());
  }

  private static String position(MarkedYAMLException e) {
    return e.getProblemMark() == null
        ? "yaml: "
        : "yaml: line "
            + (e.getProblemMark().getLine() + 1)
            + ", column "
            + (e.getProblemMark().getColumn() + 1)
            + ": ";
  }

  /**
   * SnakeYAML's values as a tree's. An alias is the same value again: here it is written out, so
   * what comes out is counted, and an alias within itself ends at the deepest level.
   */
  private static final class Plain {
    private int nodes;

    private @Nullable Object of(@Nullable Object value, int depth) {
      if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
        throw new DecodeException(
            "yaml: the document is larger than "
                + MAX_NODES
                + " values, or deeper than "
                + MAX_DEPTH
                + ", once its aliases are written out");
      }
      return switch (value) {
        case null -> null;
        case Map<?, ?> map -> {
          Map<String, @Nullable Object> object = new LinkedHashMap<>();
          map.forEach((key, member) -> object.put(key(key), of(member, depth + 1)));
          yield object;
        }
        case List<?> list -> {
          List<@Nullable Object> items = new ArrayList<>(list.size());
          list.forEach(item -> items.add(of(item, depth + 1)));
          yield items;
        }
        case Integer number -> number.longValue();
        case BigInteger number -> finite(number.doubleValue());
        case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
        case String text -> text;
        case Long number -> number;
        case Double number -> finite(number);
        case Boolean truth -> truth;
        default ->
            throw new DecodeException(
                "yaml: a " + value.getClass().getSimpleName() + " has no form in JSON");
      };
    }
  }

  private static Double finite(double number) {
    if (!Double.isFinite(number)) {
      throw new DecodeException("yaml: " + number + " has no form in JSON");
    }
    return number;
  }

  private static String key(@Nullable Object key) {
    return switch (key) {
      case String text -> text;
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case Double number -> number.toString();
      case Boolean truth -> truth.toString();
      case null, default ->
          throw new DecodeException("yaml: a key has to be a text, a number or a truth value");
    };
  }
}
