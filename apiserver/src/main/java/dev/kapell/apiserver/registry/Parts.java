package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/** Which part of an object a write through a subresource may change: the rest stays as it was. */
final class Parts {
  private Parts() {}

  static void restrict(Row row, String subresource, Obj next, Obj old) {
    switch (subresource) {
      case "" -> {
        if (row.strategy().is(Strategy.Trait.STATUS)) {
          next.copy("status", old);
        }
      }
      case "status" -> status(row, next, old);
      case "finalize" -> only(next, old, "spec", "finalizers");
      case "approval" -> only(next, old, "status", "conditions");
      case "ephemeralcontainers" -> only(next, old, "spec", "ephemeralContainers");
      case "resize" -> resize(next, old);
      default -> {
        // The server itself made the change: scale.
      }
    }
  }

  /**
   * Of the metadata, labels and annotations may change with the status, for built-in kinds; the
   * labels of a Deployment may not.
   */
  private static void status(Row row, Obj next, Obj old) {
    Map<String, Object> before = Trees.copy(old.map());
    Obj metadata = Obj.root(before).make("metadata");
    Obj sent = next.child("metadata");
    if (row.resource().type().isPresent()) {
      metadata.copy("annotations", sent);
      if (!old.text("kind").equals("Deployment")) {
        metadata.copy("labels", sent);
      }
    }
    metadata.copy("resourceVersion", sent).copy("managedFields", sent);
    Obj.root(before).copy("status", next);
    replace(next, before);
  }

  private static void only(Obj next, Obj old, String part, String field) {
    Map<String, Object> before = Trees.copy(old.map());
    Obj.root(before).make(part).copy(field, next.child(part));
    Obj sent = next.child("metadata");
    Obj.root(before)
        .make("metadata")
        .copy("labels", sent)
        .copy("annotations", sent)
        .copy("resourceVersion", sent)
        .copy("managedFields", sent);
    replace(next, before);
  }

  private static void resize(Obj next, Obj old) {
    Map<String, Object> before = Trees.copy(old.map());
    Obj spec = Obj.root(before).make("spec");
    Obj sent = next.child("spec");
    for (String list : List.of("containers", "initContainers")) {
      if (!names(spec.items(list)).equals(names(sent.items(list)))) {
        spec.copy(list, sent); // which is refused, with a better sentence than can be told here
        continue;
      }
      for (int i = 0; i < spec.items(list).size(); i++) {
        Obj container = sent.items(list).get(i);
        spec.items(list).get(i).copy("resources", container).copy("resizePolicy", container);
      }
    }
    Obj.root(before).make("metadata").copy("managedFields", next.child("metadata"));
    replace(next, before);
  }

  private static List<String> names(List<Obj> containers) {
    return containers.stream().map(container -> container.text("name")).toList();
  }

  private static void replace(Obj next, Map<String, Object> content) {
    next.map().clear();
    next.map().putAll(content);
  }
}
