package dev.kapell.cel.plan;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.ObjectValue;
import dev.kapell.cel.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists, maps and objects that an expression makes. */
final class Construct {
  static final long LIST_COST = 10;
  private static final long MAP_COST = 30;
  private static final long OBJECT_COST = 40;

  private Construct() {}

  /**
   * Part of what is made.
   *
   * @param optional whether an absent value leaves it out
   */
  record Part(Node node, boolean optional) {
    Optional<Object> eval(Frame frame) {
      Object value = node.eval(frame);
      if (!optional) {
        return Optional.of(value);
      }
      if (value instanceof Optional<?> there) {
        return there.map(Values::of);
      }
      throw CelError.noSuchOverload();
    }
  }

  /** {@code [a, ?b]}. */
  record Items(List<Part> parts) implements Node {
    @Override
    public Object eval(Frame frame) {
      List<Object> list = new ArrayList<>(parts.size());
      for (Part part : parts) {
        part.eval(frame).ifPresent(list::add);
      }
      frame.charge(LIST_COST);
      return list;
    }
  }

  /** {@code {key: value}}. */
  record Entries(List<Node> keys, List<Part> values) implements Node {
    @Override
    public Object eval(Frame frame) {
      Map<Object, Object> map = LinkedHashMap.newLinkedHashMap(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        Object key = keys.get(i).eval(frame);
        values
            .get(i)
            .eval(frame)
            .ifPresent(
                value -> {
                  if (map.putIfAbsent(key, value) != null) {
                    throw new CelError("Failed with repeated key");
                  }
                });
      }
      frame.charge(MAP_COST);
      return map;
    }
  }

  /** {@code Object.spec{field: value}}. */
  record Struct(String type, List<String> fields, List<Part> values) implements Node {
    @Override
    public Object eval(Frame frame) {
      Map<String, Object> map = LinkedHashMap.newLinkedHashMap(fields.size());
      for (int i = 0; i < fields.size(); i++) {
        String field = fields.get(i);
        values.get(i).eval(frame).ifPresent(value -> map.put(field, value));
      }
      frame.charge(OBJECT_COST);
      return new ObjectValue(type, map);
    }
  }
}
