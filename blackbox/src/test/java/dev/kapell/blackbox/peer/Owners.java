package dev.kapell.blackbox.peer;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which field: the managed fields of an object as sets of paths such as {@code
 * f:spec/f:replicas}, by manager, operation and version. Order and times do not count.
 *
 * <p>Since 1.22 an entry names its subresource too; before, a manager had one entry for all paths.
 * They are united here; the unit tests of the API server hold the rest.
 */
final class Owners {
  /** What the servers' own controllers call themselves: they write when they like. */
  private static final Set<String> CONTROLLERS =
      Set.of("kube-controller-manager", "kube-scheduler", "kapell", "controllers");

  /** What they write into nodes, and who applies first then finds there. */
  private static final String TAINTS = "f:spec/f:taints";

  private Owners() {}

  static Map<String, Set<String>> of(Map<?, ?> object) {
    Map<String, Set<String>> owners = new TreeMap<>();
    if (object.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("managedFields") instanceof Iterable<?> entries) {
      for (Object entry : entries) {
        Map<?, ?> each = (Map<?, ?>) entry;
        if (!CONTROLLERS.contains(String.valueOf(each.get("manager")))) {
          String owner =
              each.get("manager") + " " + each.get("operation") + " " + each.get("apiVersion");
          paths("", each.get("fieldsV1"), owners.computeIfAbsent(owner, name -> new TreeSet<>()));
        }
      }
    }
    if ("Node".equals(object.get("kind"))) {
      owners.values().forEach(paths -> paths.remove(TAINTS));
    }
    return owners;
  }

  private static void paths(String path, @Nullable Object fields, Set<String> paths) {
    if (!(fields instanceof Map<?, ?> map) || map.isEmpty()) {
      paths.add(path);
      return;
    }
    map.forEach(
        (name, inner) -> {
          if (name.equals(".")) {
            paths.add(path);
          } else {
            paths(path.isEmpty() ? String.valueOf(name) : path + "/" + name, inner, paths);
          }
        });
  }
}
