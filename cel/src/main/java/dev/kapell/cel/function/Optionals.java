package dev.kapell.cel.function;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Null;
import dev.kapell.cel.value.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values that may be absent, and what the macros of two variables are made of. */
final class Optionals {
  private Optionals() {}

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    rows.add(Function.of("optional.of", "(V) -> optional(V)", a -> Optional.of(a[0])));
    rows.add(Function.of("optional.none", "() -> optional(V)", a -> Optional.empty()));
    rows.add(
        Function.of(
            "optional.ofNonZeroValue",
            "(V) -> optional(V)",
            a -> isZero(a[0]) ? Optional.empty() : Optional.of(a[0])));
    rows.add(
        Function.of(
            "value",
            "optional(V).() -> V",
            a ->
                ((Optional<?>) a[0])
                    .orElseThrow(() -> new CelError("optional.none() dereference"))));
    rows.add(
        Function.of("hasValue", "optional(V).() -> bool", a -> ((Optional<?>) a[0]).isPresent()));
    for (String name : List.of("optional.unwrap", "unwrapOpt")) {
      rows.add(Function.of(name, "(list(V)) -> list(V)", a -> unwrap((List<?>) a[0])));
    }
    rows.add(
        Function.of(
            "first",
            "list(V).() -> optional(V)",
            a -> ((List<?>) a[0]).stream().findFirst().map(Values::of)));
    rows.add(
        Function.of(
            "last",
            "list(V).() -> optional(V)",
            a -> ((List<?>) a[0]).reversed().stream().findFirst().map(Values::of)));
    rows.add(
        Function.of(
            "cel.@mapInsert",
            "(map(K, V), K, V) -> map(K, V)",
            a -> inserted((Map<?, ?>) a[0], Map.of(a[1], a[2]))));
    rows.add(
        Function.of(
            "cel.@mapInsert",
            "(map(K, V), map(K, V)) -> map(K, V)",
            a -> inserted((Map<?, ?>) a[0], (Map<?, ?>) a[1])));
    return rows;
  }

  private static List<Object> unwrap(List<?> list) {
    List<Object> present = new ArrayList<>();
    for (Object item : list) {
      if (item instanceof Optional<?> optional) {
        optional.ifPresent(value -> present.add(Values.of(value)));
      }
    }
    return present;
  }

  private static Map<Object, Object> inserted(Map<?, ?> map, Map<?, ?> more) {
    Map<Object, Object> result = new LinkedHashMap<>(map);
    more.forEach(
        (key, value) -> {
          if (result.containsKey(key)) {
            throw new CelError("insert failed: key '" + key + "' already exists");
          }
          result.put(key, Values.of(value));
        });
    return result;
  }

  private static boolean isZero(Object value) {
    return switch (value) {
      case Null n -> true;
      case Boolean flag -> !flag;
      case String text -> text.isEmpty();
      case UnsignedLong number -> number.equals(UnsignedLong.ZERO);
      case Number number -> number.doubleValue() == 0;
      case CelByteString bytes -> bytes.isEmpty();
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case Duration span -> span.isZero();
      default -> false;
    };
  }
}
