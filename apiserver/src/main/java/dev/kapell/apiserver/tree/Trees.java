package dev.kapell.apiserver.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What can be done with a whole tree. */
public final class Trees {
  private Trees() {}

  /** A copy that shares nothing that can change. */
  public static Map<String, Object> copy(Map<String, Object> tree) {
    Map<String, Object> copy = LinkedHashMap.newLinkedHashMap(tree.size());
    tree.forEach((key, value) -> copy.put(key, copyOf(value)));
    return copy;
  }

  /** The same for any value of a tree. */
  @SuppressWarnings({"unchecked", "NullAway"}) // trees have text keys only; JSON null stays null
  public static @Nullable Object copyOf(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> copy((Map<String, Object>) map);
      case List<?> list -> {
        List<Object> copy = new ArrayList<>(list.size());
        list.forEach(item -> copy.add(copyOf(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  /** Whether two values say the same; an absent one and an empty map or list do. */
  public static boolean same(@Nullable Object one, @Nullable Object other) {
    if (isEmpty(one) && isEmpty(other)) {
      return true;
    }
    return Objects.equals(one, other);
  }

  /**
   * Whether {@code whole} says everything that {@code part} says: fields besides are fine, items of
   * lists stand in the same places.
   */
  public static boolean states(@Nullable Object whole, @Nullable Object part) {
    return switch (part) {
      case Map<?, ?> fields ->
          whole instanceof Map<?, ?> map
              && fields.entrySet().stream()
                  .allMatch(field -> states(map.get(field.getKey()), field.getValue()));
      case List<?> items ->
          whole instanceof List<?> list
              && list.size() == items.size()
              && IntStream.range(0, items.size())
                  .allMatch(at -> states(list.get(at), items.get(at)));
      case null, default -> Objects.equals(whole, part);
    };
  }

  private static boolean isEmpty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Map<?, ?> map -> map.isEmpty();
      case List<?> list -> list.isEmpty();
      default -> false;
    };
  }
}
