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
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Entry;
import dev.kapell.store.Event;
import dev.kapell.store.Key;
import dev.kapell.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves what CustomResourceDefinitions define.
 *
 * <p>One task owns the state: it wakes when definitions change, decides about their names, replaces
 * their rows, reports them as established, and empties those that are being deleted. What it does
 * for a change does not grow with the number of definitions.
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
  private final Emptying emptying;
  private final Semaphore changed = new Semaphore(1);
  private final Claims claims = new Claims();
  private final Map<String, Known> definitions = new HashMap<>();

  /** What is served, by table. */
  private final Map<String, Served> served = new HashMap<>();

  /** Definitions that wait for names of others. */
  private final Set<String> refused = new HashSet<>();

  /** A definition as it was read, and what names it has. */
  private record Known(long revision, Definition definition, Naming naming) {}

  /** What rows are made of: while it is the same, they are. */
  private record Served(long generation, boolean terminating, Map<String, Object> names) {}

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
    this.emptying = new Emptying(store, rows, pipeline, this::wake);
    this.scope =
        new TaskScope(
            "custom-resources",
            (task, cause) -> LOG.log(Level.ERROR, "task failed task=" + task, cause));
    Cursor cursor = store.watch(TABLE, "", store.snapshot().revision(), this::wake);
    serve(refresh(stored()));
    scope.start("follow", () -> follow(cursor));
  }

  private void follow(Cursor from) throws InterruptedException {
    Cursor cursor = from;
    // Those that were there before may not be settled.
    Set<String> names = new TreeSet<>(definitions.keySet());
    try {
      while (true) {
        Set<String> fresh = refresh(names);
        serve(fresh);
        fresh.addAll(names);
        fresh.addAll(emptying.waiting());
        for (String name : fresh) {
          settle(name);
        }
        changed.acquire();
        changed.drainPermits();
        names = new TreeSet<>();
        cursor = drain(cursor, names);
      }
    } finally {
      cursor.close();
      emptying.close();
    }
  }

  private void wake() {
    changed.release();
  }

  /** Adds the names of what changed; after too many changes, all names. */
  private Cursor drain(Cursor cursor, Set<String> names) {
    try {
      List<Event> events = cursor.poll(BATCH);
      while (!events.isEmpty()) {
        events.forEach(event -> names.add(event.entry().key().path()));
        events = cursor.poll(BATCH);
      }
      return cursor;
    } catch (CompactedException e) {
      cursor.close();
      Cursor next = store.watch(TABLE, "", store.snapshot().revision(), this::wake);
      names.addAll(stored());
      names.addAll(definitions.keySet());
      return next;
    }
  }

  private Set<String> stored() {
    try (var entries = store.snapshot().list(TABLE, "", "")) {
      return entries
          .map(entry -> entry.key().path())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * Brings what is known of {@code names} up to date, and of those that waited for their names.
   *
   * @return the names of definitions that may be served in another way now
   */
  private Set<String> refresh(Set<String> names) {
    Set<String> touched = new TreeSet<>();
    boolean released = false;
    List<Definition> read = new ArrayList<>();
    for (String name : names) {
      Entry entry = store.snapshot().get(new Key(TABLE, name)).orElse(null);
      Known known = definitions.get(name);
      if (entry == null) {
        released |= claims.release(name);
        definitions.remove(name);
        refused.remove(name);
        emptying.forget(name);
        touched.add(name);
      } else if (known == null || known.revision() != entry.revision()) {
        Definition definition = read(entry, known);
        // Names that were accepted before go first.
        claims.settle(definition, definition.tree().child("status").child("acceptedNames"));
        definitions.put(
            name, new Known(entry.revision(), definition, Naming.of(definition, claims)));
        read.add(definition);
      }
    }
    for (Definition definition : read) {
      released |= decide(definition, touched);
    }
    while (released) {
      released = false;
      for (String name : List.copyOf(refused)) {
        Known waiting = definitions.get(name);
        released |= waiting != null && decide(waiting.definition(), touched);
      }
    }
    return touched;
  }

  /** Decides about names; returns whether some became free. */
  private boolean decide(Definition definition, Set<String> touched) {
    String name = definition.name();
    Known known = definitions.get(name);
    Naming naming = Naming.of(definition, claims);
    boolean released = claims.settle(definition, Obj.root(naming.accepted()));
    if (known != null) {
      definitions.put(name, new Known(known.revision(), definition, naming));
    }
    if (naming.isAccepted()) {
      refused.remove(name);
    } else {
      refused.add(name);
    }
    touched.add(name);
    return released;
  }

  /** Schemas are large: of one that did not change, the rows and this share the tree. */
  private static Definition read(Entry entry, @Nullable Known before) {
    Obj tree = Obj.root(Wire.parse(entry.value()));
    if (before != null && generation(tree) == generation(before.definition().tree())) {
      tree.put("spec", before.definition().tree().child("spec").map());
    }
    return new Definition(tree);
  }

  private static long generation(Obj tree) {
    return tree.child("metadata").number("generation", 0);
  }

  /**
   * Replaces, in one step, the rows of what is served in another way since, and of what is gone.
   */
  private void serve(Set<String> names) {
    Set<String> changed = new HashSet<>();
    List<Row> added = new ArrayList<>();
    for (String name : names) {
      Known known = definitions.get(name);
      String table = Definition.table(name);
      if (known == null || !isServed(known)) {
        if (served.remove(table) != null) {
          changed.add(table);
        }
        continue;
      }
      Definition definition = known.definition();
      Served now =
          new Served(
              generation(definition.tree()), definition.isTerminating(), known.naming().accepted());
      if (!now.equals(served.put(table, now))) {
        changed.add(table);
        added.addAll(
            definition.rows(Obj.root(known.naming().accepted()), converters.of(definition)));
      }
    }
    if (!changed.isEmpty()) {
      rows.replace(row -> changed.contains(row.table()), added);
    }
  }

  /** A built-in kind is not to be replaced. */
  private boolean isServed(Known known) {
    boolean builtIn =
        rows.versions(known.definition().table()).stream()
            .anyMatch(row -> row.resource().type().isPresent());
    return !builtIn && (known.naming().isAccepted() || known.definition().isEstablished());
  }

  private void settle(String name) throws InterruptedException {
    Known known = definitions.get(name);
    if (known == null) {
      return;
    }
    try {
      if (known.definition().isTerminating()) {
        empty(known.definition());
      } else {
        report(known.definition(), known.naming().status(known.definition(), clock.now()));
      }
    } catch (ApiFailure e) {
      if (!e.isNotFound() && !e.isConflict()) {
        LOG.log(
            Level.WARNING, "definition not settled object=" + name + " reason=" + e.getMessage());
      }
      // Gone or changed meanwhile: that change wakes the task again.
    }
  }

  private void report(Definition definition, Obj status) throws InterruptedException {
    if (status.map().equals(definition.tree().child("status").map())) {
      return;
    }
    Map<String, Object> revision =
        Obj.tree("resourceVersion", definition.tree().child("metadata").text("resourceVersion"));
    Obj patch =
        Obj.root(
            Obj.tree(
                "metadata",
                revision,
                "status",
                Obj.tree(
                    "acceptedNames",
                    status.child("acceptedNames").map(),
                    "conditions",
                    status.values("conditions"))));
    ask(definition.name(), "status", patch);
  }

  /** Deletes the objects, and lets the definition go once none is left. */
  private void empty(Definition definition) throws InterruptedException {
    if (!definition.tree().child("metadata").texts("finalizers").contains(FINALIZER)) {
      return;
    }
    Obj status = Obj.root(Trees.copy(definition.tree().child("status").map()));
    Naming.condition(
        status,
        "Terminating",
        true,
        List.of("InstanceDeletionInProgress", "CustomResource deletion is in progress"),
        clock.now());
    report(definition, status);
    if (!served.containsKey(definition.table()) || emptying.isEmpty(definition)) {
      List<Object> finalizers =
          new ArrayList<>(definition.tree().child("metadata").texts("finalizers"));
      finalizers.remove(FINALIZER);
      Obj patch = Obj.root(Obj.tree("metadata", Obj.tree("finalizers", finalizers)));
      ask(definition.name(), "", patch);
    }
  }

  private void ask(String name, String subresource, Obj patch) throws InterruptedException {
    Target target =
        new Target(
            "apiextensions.k8s.io", "v1", "customresourcedefinitions", "", name, subresource);
    RequestBody body = new RequestBody(Wire.plain(patch.map()), "application/merge-patch+json");
    pipeline.handle(new ApiRequest(Verb.PATCH, target, User.SYSTEM, RequestOptions.NONE, body));
  }

  @Override
  public void close() {
    scope.close();
  }
}
