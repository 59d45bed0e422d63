package dev.kapell.api.patch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON patch, RFC 6902, with pointers as in RFC 6901. Pure: works on a copy. */
public final class JsonPatch {
  /** As the reference: a longer list is refused. */
  private static final int MAX_OPERATIONS = 10_000;

  /**
   * What all copies of a patch may hold together: without a bound a few of them fill any memory.
   */
  private static final long MAX_COPIED_BYTES = 3L << 20;

  /** What a node costs beside its text. */
  private static final int NODE_BYTES = 16;

  private JsonPatch() {}

  /**
   * {@code target} after all operations, in order; all or none.
   *
   * @throws PatchException malformed: {@code patch} is no list of operations; unfit: a path or a
   *     test does not hold
   */
  public static @Nullable Object apply(@Nullable Object target, @Nullable Object patch) {
    if (!(patch instanceof List<?> operations)) {
      throw PatchException.malformed("a JSON patch is a list of operations");
    }
    if (operations.size() > MAX_OPERATIONS) {
      throw PatchException.malformed(
          "the allowed maximum operations in a JSON patch is "
              + MAX_OPERATIONS
              + ", got "
              + operations.size());
    }
    @Nullable Object result = copy(target);
    long copied = 0;
    for (Object operation : operations) {
      if (!(operation instanceof Map<?, ?> members)) {
        throw PatchException.malformed("each operation of a JSON patch is an object");
      }
      if ("copy".equals(members.get("op"))) {
        copied += bytes(get(result, pointer(members, "from")), MAX_COPIED_BYTES - copied);
        if (copied > MAX_COPIED_BYTES) {
          throw PatchException.malformed(
              "the copies of a JSON patch hold more than " + MAX_COPIED_BYTES + " bytes");
        }
      }
      result = step(result, members);
    }
    return result;
  }

  private static @Nullable Object step(@Nullable Object root, Map<?, ?> operation) {
    String path = pointer(operation, "path");
    return switch (String.valueOf(operation.get("op"))) {
      case "add" -> add(root, path, copy(value(operation)));
      case "remove" -> remove(root, path);
      case "replace" -> replace(root, path, copy(value(operation)));
      case "move" -> {
        String from = pointer(operation, "from");
        @Nullable Object moved = get(root, from);
        yield add(remove(root, from), path, moved);
      }
      case "copy" -> add(root, path, copy(get(root, pointer(operation, "from"))));
      case "test" -> {
        if (!equal(get(root, path), value(operation))) {
          throw PatchException.unfit("testing value " + path + " failed");
        }
        yield root;
      }
      default -> throw PatchException.malformed("unexpected op: " + operation.get("op"));
    };
  }

  private static String pointer(Map<?, ?> operation, String member) {
    if (!(operation.get(member) instanceof String pointer)
        || (!pointer.isEmpty() && pointer.charAt(0) != '/')) {
      throw PatchException.malformed(
          "operation " + operation.get("op") + " needs a " + member + " that starts with /");
    }
    return pointer;
  }

  private static @Nullable Object value(Map<?, ?> operation) {
    if (!operation.containsKey("value")) {
      throw PatchException.malformed("operation " + operation.get("op") + " needs a value");
    }
    return operation.get("value");
  }

  private static String[] tokens(String pointer) {
    String[] parts = pointer.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = parts[i].replace("~1", "/").replace("~0", "~");
    }
    return parts;
  }

  private static @Nullable Object get(@Nullable Object root, String pointer) {
    @Nullable Object here = root;
    if (pointer.isEmpty()) {
      return here;
    }
    for (String token : tokens(pointer)) {
      here = child(here, token, pointer);
    }
    return here;
  }

  private static @Nullable Object child(@Nullable Object parent, String token, String pointer) {
    if (parent instanceof Map<?, ?> map && map.containsKey(token)) {
      return map.get(token);
    }
    if (parent instanceof List<?> list) {
      return list.get(index(token, list.size() - 1, pointer));
    }
    throw missing(pointer);
  }

  private static PatchException missing(String pointer) {
    return PatchException.unfit(
        "the server rejected our request: path " + pointer + " does not exist");
  }

  private static int index(String token, int largest, String pointer) {
    try {
      int index = Integer.parseInt(token);
      if (index >= 0 && index <= largest && !token.startsWith("+")) {
        return index;
      }
      if (index < 0 && largest + 1 + index >= 0) {
        return largest + 1 + index;
      }
    } catch (NumberFormatException e) {
      throw PatchException.unfit("path " + pointer + ": \"" + token + "\" is no index");
    }
    throw PatchException.unfit("path " + pointer + ": index " + token + " is out of bounds");
  }

  private static @Nullable Object parent(@Nullable Object root, String pointer) {
    return get(root, pointer.substring(0, pointer.lastIndexOf('/')));
  }

  private static String last(String pointer) {
    String[] tokens = tokens(pointer);
    return tokens[tokens.length - 1];
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private static @Nullable Object add(
      @Nullable Object root, String pointer, @Nullable Object value) {
    if (pointer.isEmpty()) {
      return value;
    }
    String token = last(pointer);
    switch (parent(root, pointer)) {
      case Map<?, ?> map -> ((Map<String, @Nullable Object>) map).put(token, value);
      case List<?> list -> {
        int at = token.equals("-") ? list.size() : index(token, list.size(), pointer);
        ((List<@Nullable Object>) list).add(at, value);
      }
      case null, default -> throw missing(pointer);
    }
    return root;
  }

  private static @Nullable Object remove(@Nullable Object root, String pointer) {
    if (pointer.isEmpty()) {
      return null;
    }
    String token = last(pointer);
    switch (parent(root, pointer)) {
      case Map<?, ?> map when map.containsKey(token) -> map.remove(token);
      case List<?> list -> list.remove(index(token, list.size() - 1, pointer));
      case null, default -> throw missing(pointer);
    }
    return root;
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private static @Nullable Object replace(
      @Nullable Object root, String pointer, @Nullable Object value) {
    if (pointer.isEmpty()) {
      return value;
    }
    String token = last(pointer);
    switch (parent(root, pointer)) {
      case Map<?, ?> map when map.containsKey(token) ->
          ((Map<String, @Nullable Object>) map).put(token, value);
      case List<?> list ->
          ((List<@Nullable Object>) list).set(index(token, list.size() - 1, pointer), value);
      case null, default -> throw missing(pointer);
    }
    return root;
  }

  private static boolean equal(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number a && other instanceof Number b) {
      return a.doubleValue() == b.doubleValue();
    }
    return java.util.Objects.equals(one, other);
  }

  /** About the size of a tree; not counted on once it is over {@code most}. */
  private static long bytes(@Nullable Object tree, long most) {
    long bytes = NODE_BYTES;
    switch (tree) {
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          if (bytes > most) {
            return bytes;
          }
          bytes += String.valueOf(entry.getKey()).length() + bytes(entry.getValue(), most - bytes);
        }
      }
      case List<?> list -> {
        for (Object item : list) {
          if (bytes > most) {
            return bytes;
          }
          bytes += bytes(item, most - bytes);
        }
      }
      case String text -> bytes += text.length();
      case null, default -> {}
    }
    return bytes;
  }

  /** A deep copy of a tree. */
  static @Nullable Object copy(@Nullable Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put(key, copy(value)));
        yield result;
      }
      case List<?> list -> {
        List<@Nullable Object> result = new ArrayList<>(list.size());
        list.forEach(item -> result.add(copy(item)));
        yield result;
      }
      case null, default -> tree;
    };
  }
}
