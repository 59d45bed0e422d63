package dev.kapell.cel.function;

import dev.kapell.cel.value.Values;
import java.util.List;

/** Lists as sets. */
final class Sets {
  private static final String BOTH = "(list(T), list(T)) -> bool";

  private Sets() {}

  static List<Function> all() {
    return List.of(
        Function.of("sets.contains", BOTH, a -> contains((List<?>) a[0], (List<?>) a[1])),
        Function.of(
            "sets.equivalent",
            BOTH,
            a ->
                contains((List<?>) a[0], (List<?>) a[1])
                    && contains((List<?>) a[1], (List<?>) a[0])),
        Function.of(
            "sets.intersects",
            BOTH,
            a -> ((List<?>) a[0]).stream().anyMatch(item -> has((List<?>) a[1], item))));
  }

  private static boolean contains(List<?> all, List<?> some) {
    return some.stream().allMatch(item -> has(all, item));
  }

  private static boolean has(List<?> list, Object wanted) {
    return list.stream().anyMatch(item -> Values.equal(Values.of(item), Values.of(wanted)));
  }
}
