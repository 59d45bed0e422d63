package dev.kapell.foresight;

import dev.kapell.api.ApiObject;
import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.scheduling.v1.PriorityClass;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects that somebody would like to apply. Immutable.
 *
 * @param objects those of built-in kinds; others make no pods by themselves
 */
record Wanted(List<ApiObject> objects) {
  Wanted {
    objects = List.copyOf(objects);
  }

  /** Decodes; refuses what is no object of its kind. */
  static Wanted of(List<Map<String, Object>> trees) {
    List<ApiObject> objects = new ArrayList<>();
    for (Map<String, Object> tree : trees) {
      Optional<ResourceType<?>> type =
          Types.find(String.valueOf(tree.get("apiVersion")), String.valueOf(tree.get("kind")));
      type.ifPresent(found -> objects.add(decode(found, tree)));
    }
    return new Wanted(objects);
  }

  private static ApiObject decode(ResourceType<?> type, Map<String, Object> tree) {
    try {
      return JsonCodec.decode(type.codec(), JsonCodec.writeTree(tree));
    } catch (DecodeException e) {
      throw new ApiFailure(
          Status.builder()
              .status("Failure")
              .code(400)
              .reason("BadRequest")
              .message("spec.objects: " + type.kind() + ": " + e.getMessage())
              .build());
    }
  }

  /** Whether a namespace comes with the objects. */
  boolean hasNamespace(String name) {
    return objects.stream()
        .anyMatch(o -> o instanceof Namespace && o.metadata().nameOr("").equals(name));
  }

  /** Whether a service account comes with the objects. */
  boolean hasAccount(ObjectKey key) {
    return objects.stream()
        .anyMatch(o -> o instanceof ServiceAccount && ObjectKey.of(o).equals(key));
  }

  /** The class, if it comes with the objects. */
  Optional<PriorityClass> priorityClass(String name) {
    return objects.stream()
        .filter(PriorityClass.class::isInstance)
        .map(PriorityClass.class::cast)
        .filter(c -> c.metadata().nameOr("").equals(name))
        .findFirst();
  }
}
