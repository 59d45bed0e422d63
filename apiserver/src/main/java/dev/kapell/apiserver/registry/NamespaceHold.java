package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import java.util.List;

/**
 * Holds the creation of an object to its namespace, in one transaction: admission has seen that the
 * namespace is there, but until the object is stored it may have been deleted and emptied, and then
 * nobody would ever remove the object.
 */
final class NamespaceHold implements Allocations {
  @Override
  public List<Op> claim(Row row, Obj object, Pass pass) {
    if (!row.resource().namespaced()) {
      return List.of();
    }
    Obj metadata = object.child("metadata");
    String name = metadata.text("namespace");
    Key key = new Key("namespaces", name);
    Entry namespace =
        pass.snapshot().get(key).orElseThrow(() -> Failures.notFound("", "namespaces", name));
    if (JsonCodec.readAt(namespace.value(), "metadata", "deletionTimestamp") != null) {
      throw Failures.terminating(row.resource(), metadata.text("name"), name);
    }
    return List.of(new Op.Check(key, namespace.revision()));
  }

  @Override
  public List<Op> change(Row row, Obj next, Obj old, Pass pass) {
    return List.of();
  }

  @Override
  public List<Op> release(Row row, Obj old, Pass pass) {
    return List.of();
  }
}
