package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The APIServices of the groups that this server serves itself. Pure. */
final class LocalApis {
  /** Marks what this server keeps: {@code onstart} for built-in groups, {@code true} for others. */
  static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";

  private static final int CUSTOM_PRIORITY = 1000;
  private static final int FIRST_PRIORITY = 18_000;
  private static final int STEP = 100;

  /** Groups in the order in which clients prefer them, as in the reference. */
  private static final List<String> PREFERRED =
      List.of(
          "",
          "extensions",
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
          "apiextensions.k8s.io",
          "admissionregistration.k8s.io",
          "scheduling.k8s.io",
          "coordination.k8s.io",
          "node.k8s.io",
          "discovery.k8s.io",
          "flowcontrol.apiserver.k8s.io",
          "internal.apiserver.k8s.io",
          "resource.k8s.io",
          "storagemigration.k8s.io");

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
    int rank = PREFERRED.indexOf(resource.group());
    boolean custom = rank < 0;
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
                custom ? (long) CUSTOM_PRIORITY : (long) (FIRST_PRIORITY - STEP * rank),
                "versionPriority",
                custom ? 100L : versionPriority(resource.version()))));
  }

  private static long versionPriority(String version) {
    if (version.contains("alpha")) {
      return 1;
    }
    return version.contains("beta") ? 9 : 15;
  }
}
