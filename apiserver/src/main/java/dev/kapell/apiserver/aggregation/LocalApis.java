package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.discovery.Priorities;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.GroupPriority;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.Map;

/** The APIServices of the groups that this server serves itself. Pure. */
final class LocalApis {
  /** Marks what this server keeps: {@code onstart} for built-in groups, {@code true} for others. */
  static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";

  private LocalApis() {}

  /** By name, as they are to be. */
  static Map<String, Obj> of(Catalog catalog) {
    Map<String, Obj> wanted = new LinkedHashMap<>();
    for (Resource resource : catalog.all()) {
      String name = resource.version() + "." + resource.group();
      // Who registers others is not registered itself.
      if (!resource.group().equals("apiregistration.k8s.io")) {
        wanted.computeIfAbsent(name, _ -> apiService(name, resource));
      }
    }
    return wanted;
  }

  private static Obj apiService(String name, Resource resource) {
    boolean custom = !GroupPriority.isBuiltIn(resource.group());
    Priorities.Priority priority = Priorities.OWN.of(resource.group(), resource.version());
    return Obj.root(
        Obj.tree(
            "apiVersion",
            "apiregistration.k8s.io/v1",
            "kind",
            "APIService",
            "metadata",
            Obj.tree("name", name, "labels", Obj.tree(MANAGED, custom ? "true" : "onstart")),
            "spec",
            Obj.tree(
                "group",
                resource.group(),
                "version",
                resource.version(),
                "groupPriorityMinimum",
                (long) priority.group(),
                "versionPriority",
                (long) priority.version())));
  }
}
