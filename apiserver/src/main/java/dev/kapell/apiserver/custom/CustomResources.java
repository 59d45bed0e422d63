package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Entry;
import dev.kapell.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Serves what CustomResourceDefinitions define.
 *
 * <p>One task owns the state: it wakes when a definition changes, looks at all of them, replaces
 * the rows that differ, reports the definitions as established, and empties those that are being
 * deleted.
 */
public final class CustomResources implements AutoCloseable {
  private static final Logger LOG = System.getLogger("kapell.apiserver");
  private static final String TABLE = "apiextensions.k8s.io/customresourcedefinitions";
  private static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
  private static final int BATCH = 256;

  private final Store store;
  private final Rows rows;
  private final Pipeline pipeline;
  private final Clock clock;
  private final Converters converters;
  private final TaskScope scope;
  private final Semaphore changed = new Semaphore(1);
  private final Map<String, Long> served = new HashMap<>();
  private final Map<String, Cursor> emptying = new HashMap<>();
  private final Map<String, Long> settled = new HashMap<>();
  private Map<String, Known> definitions = Map.of();

  /** A definition as it was read. */
  private record Known(long revision, Definition definition) {}

  /**
   * What serving them needs.
   *
   * @param store where definitions and objects are
   * @param rows what is served, to be added to
   * @param pipeline to settle definitions through
   * @param remote to call conversion webhooks
   */
  public record Needs(
      Store store,
      Rows rows,
      Pipeline pipeline,
      Clock clock,
      RemoteCalls remote,
      Randomness randomness) {}

  /** Serves what is defined already, then follows the definitions. */
  public CustomResources(Needs needs) {
    this.store = needs.store();
    this.rows = needs.rows();
    this.pipeline = needs.pipeline();
    this.clock = needs.clock();
    this.converters = new Converters(needs.remote(), needs.randomness());
    this.scope =
        new TaskScope(
            "custom-resources",
            (task, cause) -> LOG.log(Level.ERROR, "task failed task=" + task, cause));
    refresh();
    serve();
    settled.clear();
    scope.start("follow", this::follow);
  }

  private void follow() throws InterruptedException {
    Cursor cursor = store.watch(TABLE, "", store.snapshot().revision(), this::wake);
    try {
      while (true) {
        changed.acquire();
        changed.drainPermits();
        cursor = drain(cursor);
        Collection<Definition> fresh = refresh();
        serve();
        for (Definition definition : fresh) {
          settle(definition);
        }
      }
    } finally {
      cursor.close();
      emptying.values().forEach(Cursor::close);
    }
  }

  private void wake() {
    changed.release();
  }

  /** Only that something changed matters: what, is read from the store. */
  private Cursor drain(Cursor cursor) {
    emptying.values().forEach(each -> each.poll(BATCH));
    try {
      while (!cursor.poll(BATCH).isEmpty()) {
        // The next batch.
      }
      return cursor;
    } catch (CompactedException e) {
      cursor.close();
      return store.watch(TABLE, "", store.snapshot().revision(), this::wake);
    }
  }

  /**
   * Brings {@link #definitions} up to date; returns those that have to be settled: what changed,
   * and what is being emptied.
   */
  private Collection<Definition> refresh() {
    Map<String, Known> now = new LinkedHashMap<>();
    List<Definition> fresh = new ArrayList<>();
    try (var entries = store.snapshot().list(TABLE, "", "")) {
      entries.forEach(
          entry -> {
            Known known = definitions.get(entry.key().path());
            if (known == null || known.revision() != entry.revision()) {
              known = read(entry, known);
            }
            now.put(entry.key().path(), known);
            Long before = settled.put(entry.key().path(), entry.revision());
            boolean changed = before == null || before != entry.revision();
            if (changed || emptying.containsKey(known.definition().table())) {
              fresh.add(known.definition());
            }
          });
    }
    definitions = now;
    settled.keySet().retainAll(now.keySet());
    return fresh;
  }

  /** Schemas are large: of one that did not change, the rows and this share the tree. */
  private static Known read(Entry entry, @Nullable Known before) {
    Obj tree = Obj.root(Wire.parse(entry.value()));
    if (before != null && generation(tree) == generation(before.definition().tree())) {
      tree.put("spec", before.definition().tree().child("spec").map());
    }
    return new Known(entry.revision(), new Definition(tree));
  }

  private static long generation(Obj tree) {
    return tree.child("metadata").number("generation", 0);
  }

  /** Replaces, in one step, the rows of what changed since it was served, and of what is gone. */
  private void serve() {
    Set<String> present = new HashSet<>();
    Set<String> changed = new HashSet<>();
    List<Row> added = new ArrayList<>();
    for (Known known : definitions.values()) {
      Definition definition = known.definition();
      present.add(definition.table());
      long generation = generation(definition.tree());
      Long before = served.put(definition.table(), generation);
      if (before == null || before != generation) {
        changed.add(definition.table());
        added.addAll(definition.rows(converters.of(definition)));
      }
    }
    for (String gone : List.copyOf(served.keySet())) {
      if (!present.contains(gone)) {
        served.remove(gone);
        changed.add(gone);
      }
    }
    if (!changed.isEmpty()) {
      rows.replace(row -> changed.contains(row.table()), added);
    }
  }

  private void settle(Definition definition) throws InterruptedException {
    try {
      if (definition.isTerminating()) {
        empty(definition);
      } else {
        establish(definition);
      }
    } catch (ApiFailure e) {
      settled.remove(definition.name());
      if (!e.isNotFound() && !e.isConflict()) {
        LOG.log(
            Level.WARNING,
            "definition not settled object=" + definition.name() + " reason=" + e.getMessage());
      }
      // Gone or changed meanwhile: that change wakes the task again.
    }
  }

  private void establish(Definition definition) throws InterruptedException {
    Obj status =
        Obj.root(dev.kapell.apiserver.tree.Trees.copy(definition.tree().child("status").map()));
    Obj before = Obj.root(dev.kapell.apiserver.tree.Trees.copy(status.map()));
    status.put("acceptedNames", dev.kapell.apiserver.tree.Trees.copy(definition.names().map()));
    List<Object> stored = new ArrayList<>(status.texts("storedVersions"));
    if (!stored.contains(definition.storageVersion())) {
      stored.add(definition.storageVersion());
    }
    status.put("storedVersions", stored);
    condition(status, "NamesAccepted", "NoConflicts", "no conflicts found");
    condition(
        status, "Established", "InitialNamesAccepted", "the initial names have been accepted");
    if (status.map().equals(before.map())) {
      return;
    }
    Obj patch = Obj.root(Obj.tree("status", status.map()));
    ask(Verb.PATCH, definition.name(), "status", patch);
  }

  private void condition(Obj status, String type, String reason, String message) {
    boolean there =
        status.items("conditions").stream()
            .anyMatch(each -> each.text("type").equals(type) && each.text("status").equals("True"));
    if (!there) {
      List<Object> conditions = status.list("conditions");
      conditions.removeIf(each -> each instanceof Map<?, ?> map && type.equals(map.get("type")));
      conditions.add(
          Obj.tree(
              "lastTransitionTime",
              clock.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString(),
              "message",
              message,
              "reason",
              reason,
              "status",
              "True",
              "type",
              type));
    }
  }

  /** Deletes the objects, and lets the definition go once none is left. */
  private void empty(Definition definition) throws InterruptedException {
    String table = definition.table();
    if (!emptying.containsKey(table)) {
      emptying.put(table, store.watch(table, "", store.snapshot().revision(), this::wake));
    }
    List<Entry> left = entries(table);
    for (Entry entry : left) {
      Obj metadata = Obj.root(Wire.parse(entry.value())).child("metadata");
      if (!metadata.has("deletionTimestamp")) {
        delete(definition, metadata);
      }
    }
    if (entries(table).isEmpty()) {
      Cursor cursor = emptying.remove(table);
      if (cursor != null) {
        cursor.close();
      }
      List<Object> finalizers =
          new ArrayList<>(definition.tree().child("metadata").texts("finalizers"));
      if (finalizers.remove(FINALIZER)) {
        Obj patch = Obj.root(Obj.tree("metadata", Obj.tree("finalizers", finalizers)));
        ask(Verb.PATCH, definition.name(), "", patch);
      }
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

  private void ask(Verb verb, String name, String subresource, Obj patch)
      throws InterruptedException {
    Target target =
        new Target(
            "apiextensions.k8s.io", "v1", "customresourcedefinitions", "", name, subresource);
    RequestBody body = new RequestBody(Wire.plain(patch.map()), "application/merge-patch+json");
    pipeline.handle(new ApiRequest(verb, target, User.SYSTEM, RequestOptions.NONE, body));
  }

  @Override
  public void close() {
    scope.close();
  }
}
