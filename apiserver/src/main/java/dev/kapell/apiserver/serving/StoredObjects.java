package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many objects there are of each resource, counted when somebody looks. */
final class StoredObjects {
  private StoredObjects() {}

  static void register(Meters meters, Catalog catalog, ResourceHandler.Sizes sizes) {
    meters.gauge(
        "apiserver_resource_objects",
        "Objects that are stored.",
        List.of("group", "resource"),
        values ->
            resources(catalog)
                .forEach(
                    (_, resource) ->
                        values.add(count(sizes, resource), resource.group(), resource.plural())));
    meters.gauge(
        "apiserver_storage_objects",
        "Objects that are stored; the name before Kubernetes 1.34.",
        List.of("resource"),
        values ->
            resources(catalog)
                .forEach((name, resource) -> values.add(count(sizes, resource), name)));
  }

  /** Each resource once, in whatever versions it is served. */
  private static Map<String, Resource> resources(Catalog catalog) {
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (Resource resource : catalog.all()) {
      resources.putIfAbsent(resource.qualifiedName(), resource);
    }
    return resources;
  }

  private static int count(ResourceHandler.Sizes sizes, Resource resource) {
    return sizes.count(resource.group(), resource.plural(), "");
  }
}
