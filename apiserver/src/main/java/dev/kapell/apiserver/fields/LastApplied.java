package dev.kapell.apiserver.fields;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The annotation in which {@code kubectl apply} without the server keeps what it applied. */
final class LastApplied {
  private LastApplied() {}

  /** What was applied in {@code apiVersion}; empty when that cannot be told. */
  @SuppressWarnings("unchecked") // trees have text keys only
  static Optional<Map<String, Object>> parse(String text, String apiVersion) {
    try {
      return !text.isEmpty()
              && JsonCodec.readTree(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map
              && apiVersion.equals(map.get("apiVersion"))
          ? Optional.of((Map<String, Object>) map)
          : Optional.empty();
    } catch (DecodeException e) {
      return Optional.empty(); // anybody may write anything into an annotation
    }
  }

  /** The annotation for {@code stated}. */
  static String text(Map<String, Object> stated, String annotation) {
    Obj copy = Obj.root(Trees.copy(stated));
    copy.child("metadata").child("annotations").drop(annotation);
    return new String(JsonCodec.writeTree(sorted(copy.map())), StandardCharsets.UTF_8) + "\n";
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, inner) -> sorted.put(String.valueOf(key), sorted(inner)));
        yield sorted;
      }
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.forEach(item -> items.add(sorted(item)));
        yield items;
      }
      case null, default -> value;
    };
  }
}
