package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Entry;
import dev.kapell.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deletes the objects of definitions that are being deleted, and says when none is left. Belongs to
 * the task that follows the definitions.
 */
final class Emptying implements AutoCloseable {
  private static final int BATCH = 256;

  private final Store store;
  private final Rows rows;
  private final Pipeline pipeline;
  private final Runnable wake;
  private final Map<String, Cursor> cursors = new HashMap<>();

  /** {@code wake} is called when objects of such a definition are gone. */
  Emptying(Store store, Rows rows, Pipeline pipeline, Runnable wake) {
    this.store = store;
    this.rows = rows;
    this.pipeline = pipeline;
    this.wake = wake;
  }

  /** The definitions, by name, whose objects are not all gone yet. */
  Set<String> waiting() {
    return Set.copyOf(cursors.keySet());
  }

  /** Until a cursor has shown everything it does not wake anybody. */
  private void listen(Definition definition) {
    Cursor cursor =
        cursors.computeIfAbsent(
            definition.name(),
            _ -> store.watch(definition.table(), "", store.snapshot().revision(), wake));
    try {
      while (!cursor.poll(BATCH).isEmpty()) {
        // Only that something changed matters: what, is read from the store.
      }
    } catch (CompactedException e) {
      forget(definition.name());
      listen(definition);
    }
  }

  /** Deletes what is left; returns whether nothing is. */
  boolean isEmpty(Definition definition) throws InterruptedException {
    String table = definition.table();
    listen(definition);
    for (Entry entry : entries(table)) {
      Obj metadata = Obj.root(Wire.parse(entry.value())).child("metadata");
      if (!metadata.has("deletionTimestamp")) {
        delete(definition, metadata);
      }
    }
    if (!entries(table).isEmpty()) {
      return false;
    }
    forget(definition.name());
    return true;
  }

  /** The definition {@code name} is gone. */
  void forget(String name) {
    Cursor cursor = cursors.remove(name);
    if (cursor != null) {
      cursor.close();
    }
  }

  private List<Entry> entries(String table) {
    try (var all = store.snapshot().list(table, "", "")) {
      return all.toList();
    }
  }

  private void delete(Definition definition, Obj metadata) throws InterruptedException {
    Row row = rows.ofTable(definition.table()).orElse(null);
    if (row == null) {
      return;
    }
    Target target =
        new Target(
            definition.group(),
            row.resource().version(),
            definition.plural(),
            metadata.text("namespace"),
            metadata.text("name"),
            "");
    try {
      pipeline.handle(
          new ApiRequest(Verb.DELETE, target, User.SYSTEM, RequestOptions.NONE, RequestBody.NONE));
    } catch (ApiFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
      // Somebody else deleted it first.
    }
  }

  @Override
  public void close() {
    cursors.values().forEach(Cursor::close);
  }
}
