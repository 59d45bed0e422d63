package dev.kapell.cel.plan;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A comprehension: steps through a list or map and gathers something.
 *
 * @param first slot of the item, key or index
 * @param second slot of the value, in the form with two variables; -1 without
 * @param gathered slot of what is gathered
 */
record Fold(
    Node range, int first, int second, int gathered, Node init, Node goesOn, Node step, Node result)
    implements Node {

  /** What a fold gathers into when it starts empty: only the fold sees it, so it may grow. */
  static final class GrowingList extends ArrayList<Object> {
    private static final long serialVersionUID = 1;
  }

  /** The same for a map. */
  static final class GrowingMap extends LinkedHashMap<Object, Object> {
    private static final long serialVersionUID = 1;
  }

  /** An empty list or map to grow. */
  record Empty(boolean map) implements Node {
    @Override
    public Object eval(Frame frame) {
      frame.charge(map ? 30 : Construct.LIST_COST);
      return map ? new GrowingMap() : new GrowingList();
    }
  }

  /** {@code gathered + [item]} without a copy. */
  record Append(int slot, Node item, Node plain) implements Node {
    @Override
    public Object eval(Frame frame) {
      if (!(frame.local(slot) instanceof GrowingList list)) {
        return plain.eval(frame);
      }
      frame.charge(1 + Construct.LIST_COST + 1); // variable, list, sum
      list.add(item.eval(frame));
      return list;
    }
  }

  /** {@code cel.@mapInsert(gathered, key, value)} without a copy. */
  record Insert(int slot, Node key, Node value, Node plain) implements Node {
    @Override
    public Object eval(Frame frame) {
      if (!(frame.local(slot) instanceof GrowingMap map)) {
        return plain.eval(frame);
      }
      frame.charge(2);
      Object at = key.eval(frame);
      if (map.containsKey(at)) {
        throw new CelError("insert failed: key '" + at + "' already exists");
      }
      map.put(at, value.eval(frame));
      return map;
    }
  }

  @Override
  public Object eval(Frame frame) {
    Object over = range.eval(frame);
    frame.setLocal(gathered, init.eval(frame));
    switch (over) {
      case List<?> list -> {
        long index = 0;
        for (Object item : list) {
          Object value = Values.of(item);
          boolean more = second < 0 ? turn(frame, value, value) : turn(frame, index, value);
          index++;
          if (!more) {
            break;
          }
        }
      }
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          if (!turn(frame, Values.of(entry.getKey()), Values.of(entry.getValue()))) {
            break;
          }
        }
      }
      default -> throw CelError.noSuchOverload();
    }
    return result.eval(frame);
  }

  /** Whether to go on. */
  private boolean turn(Frame frame, Object one, Object two) {
    frame.setLocal(first, one);
    if (second >= 0) {
      frame.setLocal(second, two);
    }
    if (Boolean.FALSE.equals(goesOn.eval(frame))) {
      return false;
    }
    Object next;
    try {
      next = step.eval(frame);
    } catch (CelError error) {
      next = error; // a later step may swallow it
    }
    frame.setLocal(gathered, next);
    return true;
  }
}
