package dev.kapell.blackbox.peer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What Kubernetes 1.36 does otherwise than the peer's 1.20, each with its reason. */
final class Since {
  private Since() {}

  /** Takes explained differences out of both answers. */
  static void explain(Call call, Map<String, Object> peer, Map<String, Object> ours) {
    mistakesOfTheClient(call, peer, ours);
    if (peer.get("object") instanceof Map<?, ?> theirs
        && ours.get("object") instanceof Map<?, ?> mine) {
      Map<String, Object> theirMetadata = tree(theirs.get("metadata"));
      Map<String, Object> myMetadata = tree(mine.get("metadata"));
      subresources(myMetadata);
      generationOfPods(mine, myMetadata);
      customKinds(mine, theirMetadata, myMetadata);
      newFields(theirs, mine);
      pieces(theirMetadata.get("managedFields"));
      pieces(myMetadata.get("managedFields"));
    }
  }

  /**
   * Kubernetes, also 1.36, answers an apply that does not fit its schema as if it were broken
   * itself: 500 without a reason. It is the client's mistake: Kapell says 400.
   */
  private static void mistakesOfTheClient(
      Call call, Map<String, Object> peer, Map<String, Object> ours) {
    boolean schema = call.line().startsWith("APPLY") && Integer.valueOf(500).equals(peer.get("code"));
    if (schema && Integer.valueOf(400).equals(ours.get("code"))) {
      ours.put("code", 500);
      ours.put("reason", "");
    }
  }

  /** Since 1.22 entries name the subresource; before, a manager had one entry for all paths. */
  private static void subresources(Map<String, Object> metadata) {
    if (metadata.get("managedFields") instanceof Map<?, ?> entries) {
      Map<String, Object> united = new TreeMap<>();
      entries.forEach(
          (name, fields) -> {
            String[] words = String.valueOf(name).split(" ", -1);
            united.merge(words[0] + " " + words[1] + " " + words[2], fields, Since::union);
          });
      metadata.put("managedFields", united);
    }
  }

  private static Object union(Object one, Object other) {
    Map<String, Object> all = new TreeMap<>(tree(one));
    tree(other).forEach((name, fields) -> all.merge(name, fields, Since::union));
    return all;
  }

  /** Since 1.33 pods count their generations. */
  private static void generationOfPods(Map<?, ?> object, Map<String, Object> metadata) {
    if ("Pod".equals(object.get("kind"))) {
      metadata.remove("generation");
    }
  }

  /**
   * 1.20 does not use the schema of a custom kind when it keeps its managed fields: every list is
   * one piece, and every object counts as a map. The unit tests of Kapell's API server hold the
   * rules.
   */
  private static void customKinds(
      Map<?, ?> object, Map<String, Object> theirs, Map<String, Object> mine) {
    if (String.valueOf(object.get("apiVersion")).contains("example.com")) {
      theirs.remove("managedFields");
      mine.remove("managedFields");
    }
  }

  /** Fields that came later, with their defaults. */
  private static final Set<String> NEW_FIELDS =
      Set.of("internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy");

  private static void newFields(@Nullable Object peer, @Nullable Object ours) {
    Map<String, Object> mine = tree(ours);
    Map<String, Object> theirs = tree(peer);
    for (String name : List.copyOf(mine.keySet())) {
      String plain = name.startsWith("f:") ? name.substring(2) : name;
      if (NEW_FIELDS.contains(plain) && !theirs.containsKey(name)) {
        mine.remove(name);
      } else {
        newFields(theirs.get(name), mine.get(name));
      }
    }
  }

  /** Since 1.22 selectors of Services and references are one piece, and so are some others. */
  private static final Set<String> PIECES = Set.of("f:selector");

  private static void pieces(@Nullable Object fields) {
    Map<String, Object> all = tree(fields);
    for (String name : new TreeSet<>(all.keySet())) {
      if (PIECES.contains(name)) {
        tree(all.get(name)).clear();
      } else {
        pieces(all.get(name));
      }
    }
  }

  @SuppressWarnings("unchecked") // trees have text keys
  private static Map<String, Object> tree(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new TreeMap<>();
  }
}
