package dev.kapell.cel.plan;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Fields;
import dev.kapell.cel.value.ObjectValue;
import dev.kapell.cel.value.Values;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Variables and fields. */
final class Access {
  private Access() {}

  /** A variable of the environment. */
  record Variable(String name) implements Node {
    @Override
    public Object eval(Frame frame) {
      frame.charge(1);
      return frame.variable(name).orElseThrow(() -> new CelError("no such attribute(s): " + name));
    }
  }

  /** A variable of a comprehension, or what it has gathered so far. */
  record Local(int slot) implements Node {
    @Override
    public Object eval(Frame frame) {
      frame.charge(1);
      Object value = frame.local(slot);
      if (value instanceof CelError error) {
        throw error;
      }
      return value;
    }
  }

  /** A field. */
  record Select(Node operand, String field) implements Node {
    @Override
    public Object eval(Frame frame) {
      Object value = operand.eval(frame);
      frame.charge(1);
      if (value instanceof Map<?, ?> map) {
        Object found = map.get(field);
        if (found == null && !map.containsKey(field)) {
          throw CelError.noSuchKey(field);
        }
        return Values.of(found);
      }
      if (value instanceof Optional<?>) {
        return find(value, field);
      }
      return find(value, field).orElseThrow(() -> CelError.noSuchKey(field));
    }
  }

  /** Whether a field is there. */
  record Has(Node operand, String field) implements Node {
    @Override
    public Object eval(Frame frame) {
      Object value = operand.eval(frame);
      return value instanceof Map<?, ?> map
          ? map.containsKey(field)
          : find(value, field).isPresent();
    }
  }

  /** {@code operand.?field}. */
  record OptionalSelect(Node operand, String field) implements Node {
    @Override
    public Object eval(Frame frame) {
      Object value = operand.eval(frame);
      frame.charge(1);
      return find(value, field);
    }
  }

  private static Optional<Object> find(@Nullable Object value, String field) {
    return switch (value) {
      case Map<?, ?> map ->
          map.containsKey(field) ? Optional.of(Values.of(map.get(field))) : Optional.empty();
      case Fields fields -> fields.field(field);
      case ObjectValue object -> Optional.ofNullable(object.fields().get(field)).map(Values::of);
      case Optional<?> optional ->
          optional.isPresent() ? find(optional.get(), field) : Optional.empty();
      case null, default -> throw CelError.noSuchOverload();
    };
  }
}
