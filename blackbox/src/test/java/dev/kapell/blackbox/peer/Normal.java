package dev.kapell.blackbox.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Objects without what no two servers have in common: times, identifiers, addresses. */
final class Normal {
  private static final Set<String> OWN =
      Set.of("uid", "resourceVersion", "creationTimestamp", "selfLink", "deletionTimestamp");

  /** The volume of the service account's token has a name with a random end. */
  private static final String TOKEN_VOLUME = "kube-api-access-";

  /** Kinds whose status a controller of one of the servers may write in between. */
  private static final Set<String> BUSY =
      Set.of(
          "Deployment",
          "ReplicaSet",
          "StatefulSet",
          "DaemonSet",
          "Job",
          "CronJob",
          "ReplicationController",
          "HorizontalPodAutoscaler",
          "PodDisruptionBudget",
          "Scale",
          "ResourceQuota",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "Pod");

  /** What a server's admission gives to new objects, and its controllers again when it is gone. */
  private static final Set<String> PROTECTIONS =
      Set.of("kubernetes.io/pv-protection", "kubernetes.io/pvc-protection");

  /** The key of a taint that tells of a node's condition. */
  private static final String CONDITION = "node.kubernetes.io/";

  private static final String REVISION = "deployment.kubernetes.io/revision";

  private Normal() {}

  /** The object without its managed fields, which {@link Owners} reads. */
  static Map<String, Object> of(Map<?, ?> body) {
    Map<String, Object> object = new TreeMap<>();
    body.forEach(
        (name, value) -> {
          Object clean = value(String.valueOf(name), value);
          if (clean != null) {
            object.put(String.valueOf(name), clean);
          }
        });
    if (BUSY.contains(String.valueOf(body.get("kind")))) {
      object.remove("status");
    }
    if (object.get("spec") instanceof Map<?, ?> spec && "Node".equals(body.get("kind"))) {
      object.put(
          "spec",
          without(
              spec,
              "taints",
              taint ->
                  taint instanceof Map<?, ?> map
                      && String.valueOf(map.get("key")).startsWith(CONDITION)));
    }
    if (object.get("metadata") instanceof Map<?, ?> metadata) {
      object.put("metadata", metadata(metadata));
    }
    return object;
  }

  private static Map<String, Object> metadata(Map<?, ?> metadata) {
    Map<String, Object> kept = new TreeMap<>();
    metadata.forEach(
        (name, value) -> {
          if (!OWN.contains(String.valueOf(name)) && !name.equals("managedFields")) {
            kept.put(String.valueOf(name), value);
          }
        });
    if (kept.get("annotations") instanceof Map<?, ?> annotations
        && annotations.containsKey(REVISION)) {
      Map<Object, Object> rest = new LinkedHashMap<>(annotations);
      rest.remove(REVISION);
      kept.put("annotations", rest);
      if (rest.isEmpty()) {
        kept.remove("annotations");
      }
    }
    return without(kept, "finalizers", PROTECTIONS::contains);
  }

  /** The object without some elements of a list, and without the list when nothing else is left. */
  private static Map<String, Object> without(
      Map<?, ?> object, String field, Predicate<Object> gone) {
    Map<String, Object> rest = new TreeMap<>();
    object.forEach((name, value) -> rest.put(String.valueOf(name), value));
    if (rest.get(field) instanceof List<?> list) {
      List<Object> left = new ArrayList<>(list);
      left.removeIf(gone);
      if (left.isEmpty()) {
        rest.remove(field);
      } else {
        rest.put(field, left);
      }
    }
    return rest;
  }

  private static @Nullable Object value(String name, @Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> clean = new TreeMap<>();
        map.forEach(
            (key, inner) -> {
              Object kept = value(String.valueOf(key), inner);
              if (kept != null) {
                clean.put(String.valueOf(key), kept);
              }
            });
        yield clean;
      }
      case List<?> list -> {
        List<Object> clean = new ArrayList<>();
        list.forEach(item -> clean.add(Objects.requireNonNullElse(value("", item), "null")));
        yield name.equals("clusterIPs") ? clean.stream().map(Normal::address).toList() : clean;
      }
      case Number number when name.equals("nodePort") || name.equals("healthCheckNodePort") ->
          "allocated";
      case String text when name.equals("clusterIP") -> address(text);
      case String text when name.endsWith("Time") -> "a time";
      case String text when name.endsWith("controller-uid") -> "a uid";
      case String text when text.startsWith(TOKEN_VOLUME) -> TOKEN_VOLUME;
      case null -> null;
      default -> value;
    };
  }

  private static Object address(Object address) {
    return "None".equals(address) ? address : "allocated";
  }
}
