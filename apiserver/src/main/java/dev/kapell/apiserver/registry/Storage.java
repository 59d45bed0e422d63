package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.admission.Lookup;
import dev.kapell.apiserver.derived.Derived;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tracing.Span;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.Commit;
import dev.kapell.store.Entry;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/** The store as the verbs use it: objects in, objects out. Thread-safe. */
final class Storage implements Lookup {
  /** As etcd's: an object that is larger is refused. */
  static final int OBJECT_LIMIT_BYTES = 1536 * 1024;

  /** So much of what is looked up is remembered of each sort. */
  private static final int REMEMBERED = 1_024;

  /** Only trees of smaller objects are remembered. */
  private static final int SMALL_BYTES = 2 * 1024;

  private final Store store;

  /** Every write looks up its namespace, every pod its account and class: mostly the same ones. */
  private final Derived<List<String>, Boolean> present = new Derived<>(REMEMBERED, known -> 1);

  private final Derived<String, Map<String, Object>> trees = new Derived<>(REMEMBERED, known -> 1);

  Storage(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
  }

  Snapshot snapshot() {
    return store.snapshot();
  }

  Optional<Stored> read(Key key) {
    return store.snapshot().get(key).map(Stored::of);
  }

  /** The object, or 404. */
  Stored get(Row row, String namespace, String name) {
    return Stored.of(entry(row, namespace, name), row);
  }

  /** The object as text, or 404. */
  Entry entry(Row row, String namespace, String name) {
    return store
        .snapshot()
        .get(row.key(namespace, name))
        .orElseThrow(() -> Failures.notFound(row.resource(), name));
  }

  @Override
  public Optional<Obj> find(String table, String path) {
    return store.snapshot().get(new Key(table, path)).map(this::tree);
  }

  @Override
  public boolean has(String table, String path, String... field) {
    return store
        .snapshot()
        .get(new Key(table, path))
        .filter(entry -> has(entry.value(), List.of(field)))
        .isPresent();
  }

  private boolean has(byte[] json, List<String> field) {
    return present.get(
        json, field, () -> JsonCodec.readAt(json, field.toArray(String[]::new)) != null);
  }

  /** A tree of the caller's own. */
  private Obj tree(Entry entry) {
    byte[] json = entry.value();
    return Obj.root(
        json.length > SMALL_BYTES
            ? Wire.parse(json)
            : Trees.copy(trees.get(json, "", () -> Wire.parse(json))));
  }

  @Override
  @SuppressWarnings("unchecked") // trees have text keys only
  public Optional<Obj> part(String table, String path, String... field) {
    return store
        .snapshot()
        .get(new Key(table, path))
        .map(entry -> JsonCodec.readAt(entry.value(), field))
        .filter(Map.class::isInstance)
        .map(part -> Obj.root((Map<String, Object>) part));
  }

  @Override
  public List<Obj> list(String table, String namespace) {
    String prefix = namespace.isEmpty() ? "" : namespace + "/";
    try (var entries = store.snapshot().list(table, prefix, "")) {
      return entries.map(this::tree).toList();
    }
  }

  /** A put of an object of {@code row}, whose resource version the store stamps. */
  static Op.Put put(Row row, Key key, Obj object, long expected) {
    return put(key, row.conversion().sealed(object), expected);
  }

  /** The same of an object that is in its stored form. */
  static Op.Put put(Key key, Obj object, long expected) {
    Wire.Encoded encoded = Wire.stamped(object.map());
    if (encoded.bytes().length > OBJECT_LIMIT_BYTES) {
      throw Failures.tooLarge(OBJECT_LIMIT_BYTES);
    }
    return new Op.Put(key, encoded.bytes(), expected, encoded.stampAt());
  }

  /** A delete of {@code stored}; watchers see {@code last}. */
  static Op.Delete delete(Stored stored, Obj last) {
    Wire.Encoded encoded = Wire.stamped(last.map());
    return new Op.Delete(
        stored.entry().key(), stored.entry().revision(), encoded.bytes(), encoded.stampAt());
  }

  /** Writes {@code first} together with {@code more}. */
  Commit commit(Op first, List<Op> more) throws InterruptedException {
    try (Span span = Span.current().child("Write to the store", Span.Kind.INTERNAL)) {
      span.with("table", first.key().table());
      if (Turns.outlastCommit()) {
        return await(send(first, more));
      }
      Turns.leave();
      return settled(store.write(together(first, more)));
    } catch (StoreException e) {
      throw notWritten(e);
    }
  }

  /** The same without waiting for it. */
  CompletableFuture<Commit> send(Op first, List<Op> more) {
    return store.submit(together(first, more)).toCompletableFuture();
  }

  /** The same as the next write of a pass, by which {@code more} is judged. */
  CompletableFuture<Commit> send(Supplier<Op> first, Function<Pass, List<Op>> more, Pass pass) {
    pass.dropped();
    List<Op> rest = more.apply(pass); // may still fill in what the first one writes
    CompletableFuture<Commit> sent = send(first.get(), rest);
    pass.sent();
    return sent;
  }

  /** What became of a transaction that was sent. */
  static Commit await(Future<Commit> sent) throws InterruptedException {
    try {
      return settled(Turns.await(sent));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreException failed
          ? notWritten(failed)
          : new IllegalStateException(e.getCause());
    }
  }

  /** Waiting for the disk was no work, and little is left to do, but for who has to begin again. */
  private static Commit settled(Commit commit) throws InterruptedException {
    if (commit instanceof Commit.Conflict) {
      Turns.resume();
    } else {
      Turns.resumeInCrowd();
    }
    return commit;
  }

  private static List<Op> together(Op first, List<Op> more) {
    List<Op> transaction = new ArrayList<>(more.size() + 1);
    transaction.add(first);
    transaction.addAll(more);
    return transaction;
  }

  private static ApiFailure notWritten(StoreException cause) {
    return Failures.unavailable(
        "the data could not be written: "
            + cause.getMessage()
            + "; check the disk of the data folder");
  }

  /**
   * Writes {@code first} together with what {@code more} makes of the newest state; again as long
   * as only somebody else's use of the same quota stands in the way.
   */
  Commit commit(Supplier<Op> first, Function<Pass, List<Op>> more) throws InterruptedException {
    while (true) {
      List<Op> rest =
          more.apply(Pass.at(snapshot())); // may still fill in what the first one writes
      Op own = first.get();
      Commit commit = commit(own, rest);
      boolean again =
          commit instanceof Commit.Conflict conflict
              && conflict.failed().key().table().equals(QuotaAllocations.QUOTAS)
              && !conflict.failed().key().equals(own.key());
      if (!again) {
        return commit;
      }
    }
  }

  /** What the first operation of a transaction left behind. */
  static Entry first(Commit.Done done) {
    return done.entries().getFirst().orElseThrow();
  }
}
