package dev.kapell.testkit;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Unstructured;
import dev.kapell.apiserver.serving.ApiServer;
import java.util.ArrayList;
import java.util.List;

/**
 * The kinds that custom resource definitions have added, as types that controllers can watch. Pure.
 */
final class CustomTypes {
  private CustomTypes() {}

  static List<ResourceType<?>> of(ApiServer api) {
    List<ResourceType<?>> types = new ArrayList<>();
    api.pipeline().catalog().all().stream()
        .filter(r -> r.type().isEmpty() && r.verbs().contains("watch"))
        .map(r -> Unstructured.type(r.group(), r.version(), r.kind(), r.plural(), r.namespaced()))
        .forEach(types::add);
    return types;
  }
}
