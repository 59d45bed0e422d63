package dev.kapell.apiserver.discovery;

import dev.kapell.api.GroupVersion;
import dev.kapell.apiserver.request.GroupPriority;
import dev.kapell.apiserver.request.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalog by group and version, in the order in which clients prefer them.
 *
 * @param byGroup group, then version, then resources by name
 */
record Groups(Map<String, Map<String, List<Resource>>> byGroup) {
  static Groups of(List<Resource> resources) {
    List<Resource> sorted = new ArrayList<>(resources);
    sorted.sort(Comparator.comparing(Resource::group, GroupPriority.ORDER));
    Map<String, Map<String, List<Resource>>> byGroup = new LinkedHashMap<>();
    for (Resource resource : sorted) {
      byGroup
          .computeIfAbsent(resource.group(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(resource.version(), _ -> new ArrayList<>())
          .add(resource);
    }
    byGroup
        .values()
        .forEach(
            versions ->
                versions
                    .values()
                    .forEach(list -> list.sort(Comparator.comparing(Resource::plural))));
    return new Groups(byGroup);
  }

  static String apiVersion(String group, String version) {
    return new GroupVersion(group, version).toString();
  }
}
