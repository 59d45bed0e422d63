package dev.kapell.blackbox.peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers without what no two servers have in common: times, identifiers, addresses. Of refusals,
 * code and reason; of conflicts the fields too. (How a refusal names a field has changed with the
 * versions.)
 */
final class Normal {
  private static final Set<String> OWN =
      Set.of("uid", "resourceVersion", "creationTimestamp", "selfLink", "deletionTimestamp");

  /** What the servers' own controllers call themselves: they write when they like. */
  private static final Set<String> CONTROLLERS =
      Set.of("kube-controller-manager", "kube-scheduler", "kapell", "controllers");

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
          "ReplicationController",
          "HorizontalPodAutoscaler",
          "Scale",
          "ResourceQuota",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "Pod");

  private static final String REVISION = "deployment.kubernetes.io/revision";

  private Normal() {}

  /** A refusal as code, reason and causes; anything else as code and object. */
  static Map<String, Object> of(Api.Reply reply) {
    Map<String, Object> normal = new TreeMap<>();
    normal.put("code", reply.code());
    Map<String, Object> body = reply.body();
    if ("Status".equals(body.get("kind"))) {
      normal.put("reason", String.valueOf(body.getOrDefault("reason", "")));
      if (reply.code() == 409) {
        normal.put("causes", causes(body));
      }
    } else {
      normal.put("object", object(body));
    }
    return normal;
  }

  private static Set<String> causes(Map<String, Object> status) {
    Set<String> causes = new TreeSet<>();
    if (status.get("details") instanceof Map<?, ?> details
        && details.get("causes") instanceof List<?> list) {
      for (Object cause : list) {
        Map<?, ?> each = (Map<?, ?>) cause;
        causes.add(
            String.valueOf(each.get("field")).replace(".spec.selector.a", ".spec.selector")
                + " "
                + each.get("reason"));
      }
    }
    return causes;
  }

  private static Map<String, Object> object(Map<?, ?> body) {
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
    if (object.get("metadata") instanceof Map<?, ?> metadata) {
      object.put("metadata", metadata(metadata));
    }
    return object;
  }

  private static Map<String, Object> metadata(Map<?, ?> metadata) {
    Map<String, Object> kept = new TreeMap<>();
    metadata.forEach(
        (name, value) -> {
          if (!OWN.contains(String.valueOf(name))) {
            kept.put(String.valueOf(name), value);
          }
        });
    if (kept.get("managedFields") instanceof List<?> entries) {
      kept.put("managedFields", managers(entries));
    }
    if (kept.get("annotations") instanceof Map<?, ?> annotations
        && annotations.containsKey(REVISION)) {
      Map<Object, Object> rest = new LinkedHashMap<>(annotations);
      rest.remove(REVISION);
      kept.put("annotations", rest);
      if (rest.isEmpty()) {
        kept.remove("annotations");
      }
    }
    return kept;
  }

  /** The entries by manager, so that the order and the times do not count. */
  private static Map<String, Object> managers(List<?> entries) {
    Map<String, Object> managers = new TreeMap<>();
    for (Object entry : entries) {
      Map<?, ?> each = (Map<?, ?>) entry;
      if (!CONTROLLERS.contains(String.valueOf(each.get("manager")))) {
        String subresource = Objects.toString(each.get("subresource"), "");
        managers.put(
            each.get("manager")
                + " "
                + each.get("operation")
                + " "
                + each.get("apiVersion")
                + (subresource.isEmpty() ? "" : " " + subresource),
            each.get("fieldsV1"));
      }
    }
    return managers;
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
      case Number number when name.equals("nodePort") -> "allocated";
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

  /** Where two trees differ, one line each. */
  static List<String> differences(@Nullable Object peer, @Nullable Object ours) {
    List<String> lines = new ArrayList<>();
    compare("", peer, ours, lines);
    lines.sort(Comparator.naturalOrder());
    return lines;
  }

  private static void compare(
      String path, @Nullable Object peer, @Nullable Object ours, List<String> lines) {
    if (peer instanceof Map<?, ?> one && ours instanceof Map<?, ?> two) {
      Set<String> names = new TreeSet<>();
      one.keySet().forEach(key -> names.add(String.valueOf(key)));
      two.keySet().forEach(key -> names.add(String.valueOf(key)));
      names.forEach(name -> compare(path + "/" + name, one.get(name), two.get(name), lines));
    } else if (peer instanceof List<?> one
        && ours instanceof List<?> two
        && one.size() == two.size()) {
      for (int i = 0; i < one.size(); i++) {
        compare(path + "/" + i, one.get(i), two.get(i), lines);
      }
    } else if (!Objects.equals(peer, ours)) {
      lines.add(path + ": the peer has " + peer + ", Kapell has " + ours);
    }
  }
}
