package dev.kapell.apiserver.discovery;

import dev.kapell.api.GroupVersion;
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
  /** Groups that are asked for most often come first, as in Kubernetes. */
  private static final List<String> FIRST =
      List.of(
          "",
          "apiregistration.k8s.io",
          "apps",
          "events.k8s.io",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "autoscaling",
          "batch",
          "certificates.k8s.io",
          "networking.k8s.io",
          "policy",
          "rbac.authorization.k8s.io",
          "storage.k8s.io",
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "scheduling.k8s.io",
          "coordination.k8s.io",
          "node.k8s.io",
          "discovery.k8s.io",
          "flowcontrol.apiserver.k8s.io");

  static Groups of(List<Resource> resources) {
    List<Resource> sorted = new ArrayList<>(resources);
    sorted.sort(
        Comparator.comparingInt((Resource each) -> rank(each.group()))
            .thenComparing(Resource::group));
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

  private static int rank(String group) {
    int index = FIRST.indexOf(group);
    return index < 0 ? FIRST.size() : index;
  }

  static String apiVersion(String group, String version) {
    return new GroupVersion(group, version).toString();
  }
}
