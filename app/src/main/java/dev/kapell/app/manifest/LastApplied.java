package dev.kapell.app.manifest;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.app.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was applied the last time, kept on the object under kubectl's own annotation, so that {@code
 * kapell apply} and {@code kubectl apply} can take turns. Pure.
 */
final class LastApplied {
  static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  private LastApplied() {}

  /** {@code manifest} with itself in the annotation. */
  static Map<String, Object> annotated(Map<String, Object> manifest) {
    Map<String, Object> plain = without(manifest);
    Map<String, Object> result = new LinkedHashMap<>(plain);
    Map<String, Object> metadata = new LinkedHashMap<>(Tree.map(plain, "metadata"));
    Map<String, Object> annotations = new LinkedHashMap<>(Tree.map(metadata, "annotations"));
    annotations.put(
        ANNOTATION, new String(JsonCodec.writeTree(plain), StandardCharsets.UTF_8) + "\n");
    metadata.put("annotations", annotations);
    result.put("metadata", metadata);
    return result;
  }

  /** What {@code live} was last applied from, empty when it was not applied. */
  static Map<String, Object> of(Map<String, Object> live) {
    String text = Tree.text(live, "metadata", "annotations", ANNOTATION);
    if (text.isEmpty()) {
      return Map.of();
    }
    try {
      return Tree.map(JsonCodec.readTree(text.getBytes(StandardCharsets.UTF_8)));
    } catch (DecodeException e) {
      return Map.of(); // somebody else's text: nothing can be told from it
    }
  }

  private static Map<String, Object> without(Map<String, Object> manifest) {
    if (!Tree.map(manifest, "metadata", "annotations").containsKey(ANNOTATION)) {
      return manifest;
    }
    Map<String, Object> result = new LinkedHashMap<>(manifest);
    Map<String, Object> metadata = new LinkedHashMap<>(Tree.map(manifest, "metadata"));
    Map<String, Object> annotations = new LinkedHashMap<>(Tree.map(metadata, "annotations"));
    annotations.remove(ANNOTATION);
    metadata.put("annotations", annotations);
    result.put("metadata", metadata);
    return result;
  }
}
