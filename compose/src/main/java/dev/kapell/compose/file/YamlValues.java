package dev.kapell.compose.file;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * From YAML text to {@link Value}s. A document that grows beyond all measure by its anchors is
 * refused.
 */
final class YamlValues {
  private static final int MAX_VALUES = 100_000;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_CHARACTERS = 3 << 20;

  private final String file;
  private final Interpolation interpolation;
  private int values;

  private YamlValues(String file, Interpolation interpolation) {
    this.file = file;
    this.interpolation = interpolation;
  }

  static Value read(String file, String text, Interpolation interpolation) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    List<Node> documents = new ArrayList<>();
    try {
      new Yaml(options).composeAll(new StringReader(text)).forEach(documents::add);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new ComposeFailure(new Place(file, line), "not valid YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new ComposeFailure(new Place(file, 1), "not valid YAML: " + e.getMessage());
    }
    if (documents.isEmpty()) {
      throw new ComposeFailure(new Place(file, 1), "the file is empty; it needs \"services:\"");
    }
    if (documents.size() > 1) {
      throw new ComposeFailure(
          new YamlValues(file, interpolation).place(documents.get(1)),
          "a second YAML document; put everything into one");
    }
    return new YamlValues(file, interpolation).value(documents.getFirst(), 0);
  }

  private Value value(Node node, int depth) {
    Place place = place(node);
    if (++values > MAX_VALUES || depth > MAX_DEPTH) {
      throw new ComposeFailure(place, "too many values, or an anchor that contains itself");
    }
    return switch (node) {
      case MappingNode mapping -> new Value.Fields(place, fields(mapping, depth));
      case SequenceNode sequence -> {
        List<Value> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(value(item, depth + 1)));
        yield new Value.Items(place, items);
      }
      case ScalarNode scalar ->
          scalar.getTag().equals(Tag.NULL)
              ? new Value.Nothing(place)
              : new Value.Scalar(place, interpolation.apply(place, scalar.getValue()));
      default -> throw new ComposeFailure(place, "not a value that Compose knows");
    };
  }

  /** The mapping's own keys and, behind them, those that it merges with {@code <<}. */
  private Map<String, Value> fields(MappingNode mapping, int depth) {
    Map<String, Value> own = new LinkedHashMap<>();
    Map<String, Value> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Place place = place(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new ComposeFailure(place, "a key has to be a plain word");
      }
      if (key.getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), depth, merged);
      } else if (own.put(key.getValue(), value(tuple.getValueNode(), depth + 1)) != null) {
        throw new ComposeFailure(place, key.getValue() + " stands here twice");
      }
    }
    merged.forEach(own::putIfAbsent);
    return own;
  }

  private void merge(Node source, int depth, Map<String, Value> into) {
    switch (value(source, depth + 1)) {
      case Value.Fields fields -> fields.fields().forEach(into::putIfAbsent);
      case Value.Items items -> {
        for (Value item : items.items()) {
          if (!(item instanceof Value.Fields fields)) {
            throw new ComposeFailure(item.place(), "<< merges mappings, not " + item.described());
          }
          fields.fields().forEach(into::putIfAbsent);
        }
      }
      case Value other ->
          throw new ComposeFailure(other.place(), "<< merges mappings, not " + other.described());
    }
  }

  private Place place(Node node) {
    return new Place(file, node.getStartMark().getLine() + 1);
  }
}
