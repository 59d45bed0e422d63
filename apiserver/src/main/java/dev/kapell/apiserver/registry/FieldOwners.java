package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.time.Instant;

/**
 * Who wrote an object last, in {@code metadata.managedFields}: one well-formed entry for each
 * manager and operation. Only server-side apply lists its fields; ordinary writes own none, so an
 * apply never conflicts with them.
 */
final class FieldOwners {
  private static final int MAX_ENTRIES = 10;

  private FieldOwners() {}

  static void record(Draft draft, Obj object, Instant now) {
    String manager = draft.request().options().fieldManager();
    Obj metadata = object.make("metadata");
    if (manager.isEmpty()) {
      return;
    }
    String subresource = draft.subresource();
    for (Obj entry : metadata.items("managedFields")) {
      if (entry.text("manager").equals(manager)
          && entry.text("operation").equals("Update")
          && entry.text("subresource").equals(subresource)) {
        return;
      }
    }
    if (metadata.values("managedFields").size() >= MAX_ENTRIES) {
      return;
    }
    Obj entry =
        Obj.root(
            Obj.tree(
                "apiVersion",
                draft.row().resource().apiVersion(),
                "fieldsType",
                "FieldsV1",
                "fieldsV1",
                Obj.tree(),
                "manager",
                manager,
                "operation",
                "Update"));
    if (!subresource.isEmpty()) {
      entry.put("subresource", subresource);
    }
    entry.put("time", now.toString());
    metadata.list("managedFields").add(entry.map());
  }
}
