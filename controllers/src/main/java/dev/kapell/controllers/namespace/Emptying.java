package dev.kapell.controllers.namespace;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deletes what is in a namespace: pods first, and the rest only when no pod is left, so that a pod
 * never loses the configuration or the policy that it runs under. Blocking; stateless.
 */
final class Emptying {
  private final Client client;

  Emptying(Client client) {
    this.client = client;
  }

  /** One pass over all kinds; what it could not delete at once is in the answer. */
  Contents pass(String namespace, List<ResourceType<?>> types) {
    Map<String, Integer> remaining = new HashMap<>();
    Map<String, Integer> finalizers = new HashMap<>();
    StringBuilder failure = new StringBuilder();
    for (ResourceType<?> type : types) {
      try {
        clear(type, namespace, remaining, finalizers);
      } catch (ApiFailure e) {
        // The kind may have gone with its definition, or not allow lists; then nothing is there.
        if (e.code() != 404 && e.code() != 405) {
          failure.append(failure.isEmpty() ? "" : "; ").append(type).append(": ");
          failure.append(e.getMessage());
        }
      }
      if (type.equals(Types.POD) && !remaining.isEmpty()) {
        break;
      }
    }
    return new Contents(remaining, finalizers, failure.toString());
  }

  private <T extends ApiObject> void clear(
      ResourceType<T> type,
      String namespace,
      Map<String, Integer> remaining,
      Map<String, Integer> finalizers) {
    ListQuery query = ListQuery.in(namespace);
    List<T> before = client.list(type, query).items();
    if (before.isEmpty()) {
      return;
    }
    if (before.stream().anyMatch(object -> object.metadata().deletionTimestamp() == null)) {
      DeleteOptions options = DeleteOptions.builder().propagationPolicy("Background").build();
      client.deleteCollection(type, query, options);
    }
    List<T> after = client.list(type, query).items();
    if (!after.isEmpty()) {
      remaining.put(type.qualifiedName(), after.size());
      after.forEach(
          object ->
              object.metadata().finalizers().forEach(f -> finalizers.merge(f, 1, Integer::sum)));
    }
  }
}
