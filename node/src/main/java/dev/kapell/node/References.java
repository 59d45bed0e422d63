package dev.kapell.node;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.client.ObjectKey;

/** Which pods have a ConfigMap or Secret among their volumes. Pure. */
final class References {
  private References() {}

  static boolean configMap(Pod pod, ObjectKey key) {
    return pod.metadata().namespaceOr("").equals(key.namespace())
        && pod.spec().volumes().stream().anyMatch(v -> configMap(v, key.name()));
  }

  private static boolean configMap(Volume volume, String name) {
    var own = volume.configMap();
    var projected = volume.projected();
    return (own != null && own.nameOr("").equals(name))
        || (projected != null
            && projected.sources().stream()
                .map(s -> s.configMap())
                .anyMatch(m -> m != null && m.nameOr("").equals(name)));
  }

  static boolean secret(Pod pod, ObjectKey key) {
    return pod.metadata().namespaceOr("").equals(key.namespace())
        && pod.spec().volumes().stream().anyMatch(v -> secret(v, key.name()));
  }

  private static boolean secret(Volume volume, String name) {
    var own = volume.secret();
    var projected = volume.projected();
    return (own != null && own.secretNameOr("").equals(name))
        || (projected != null
            && projected.sources().stream()
                .map(s -> s.secret())
                .anyMatch(m -> m != null && m.nameOr("").equals(name)));
  }
}
