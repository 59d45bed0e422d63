package dev.kapell.app.server;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Unstructured;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * The kinds that custom resource definitions have added, as types that controllers can list and
 * watch. Pure.
 */
final class CustomTypes {
  private CustomTypes() {}

  static List<ResourceType<?>> of(Catalog catalog) {
    List<ResourceType<?>> types = new ArrayList<>();
    for (Resource resource : catalog.all()) {
      if (resource.type().isEmpty() && resource.verbs().contains("watch")) {
        types.add(
            Unstructured.type(
                resource.group(),
                resource.version(),
                resource.kind(),
                resource.plural(),
                resource.namespaced()));
      }
    }
    return types;
  }
}
