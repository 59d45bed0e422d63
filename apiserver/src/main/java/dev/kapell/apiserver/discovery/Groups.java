package dev.kapell.apiserver.discovery;

import dev.kapell.api.GroupVersion;
import dev.kapell.apiserver.request.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The catalog by group and version, in the order in which clients prefer them.
 *
 * @param byGroup group, then version, then resources by name
 */
record Groups(Map<String, Map<String, List<Resource>>> byGroup) {
  /** Stands before all others, whatever its priority. */
  private static final String REGISTRATION = "apiregistration.k8s.io";

  static Groups of(List<Resource> resources, Priorities priorities) {
    Map<String, Map<String, List<Resource>>> unordered = new TreeMap<>();
    for (Resource resource : resources) {
      unordered
          .computeIfAbsent(resource.group(), _ -> new TreeMap<>(VersionOrder.BEST_FIRST))
          .computeIfAbsent(resource.version(), _ -> new ArrayList<>())
          .add(resource);
    }
    List<String> groups = new ArrayList<>(unordered.keySet());
    Map<String, Integer> ranks = new HashMap<>();
    unordered.forEach(
        (group, versions) ->
            ranks.put(
                group,
                versions.keySet().stream()
                    .mapToInt(version -> priorities.of(group, version).group())
                    .max()
                    .orElse(0)));
    groups.sort(
        Comparator.comparing((String group) -> !group.equals(REGISTRATION))
            .thenComparingInt(group -> -ranks.getOrDefault(group, 0)));
    Map<String, Map<String, List<Resource>>> byGroup = new LinkedHashMap<>();
    for (String group : groups) {
      byGroup.put(group, ordered(group, unordered.getOrDefault(group, Map.of()), priorities));
    }
    return new Groups(byGroup);
  }

  private static Map<String, List<Resource>> ordered(
      String group, Map<String, List<Resource>> versions, Priorities priorities) {
    List<String> names = new ArrayList<>(versions.keySet());
    names.sort(Comparator.comparingInt(version -> -priorities.of(group, version).version()));
    Map<String, List<Resource>> ordered = new LinkedHashMap<>();
    for (String name : names) {
      List<Resource> resources = new ArrayList<>(versions.getOrDefault(name, List.of()));
      resources.sort(Comparator.comparing(Resource::plural));
      ordered.put(name, resources);
    }
    return ordered;
  }

  static String apiVersion(String group, String version) {
    return new GroupVersion(group, version).toString();
  }
}
