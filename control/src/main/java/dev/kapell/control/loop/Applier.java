package dev.kapell.control.loop;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.Preconditions;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.Made;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries out plans: with preconditions, without no-op writes, telling the caches what was written,
 * and the owner what was done. Thread-safe.
 *
 * <p>Neighbouring creates and deletes are independent of each other and go out together, in batches
 * that double while they succeed, so that a refusal (a quota, for instance) is not repeated a
 * thousand times. Creates of one type go in a few groups, each of which a server in this process
 * commits at once.
 */
public final class Applier {
  private static final System.Logger LOG = System.getLogger("kapell.control");
  private static final int LARGEST_BATCH = 64;

  /** Into so many groups the creates of a batch are divided, for as many processors. */
  private static final int GROUPS = 4;

  private final Client client;
  private final Caches caches;
  private final EventRecorder events;
  private final Clock clock;

  /** Writes as {@code client}. */
  public Applier(Client client, Caches caches, EventRecorder events, Clock clock) {
    this.client = client;
    this.caches = caches;
    this.events = events;
    this.clock = clock;
  }

  /** What else to do when a change is refused. */
  @FunctionalInterface
  public interface OnRefusal {
    /** Nothing else. */
    OnRefusal NOTHING = (change, why) -> Plan.NOTHING;

    /** The further changes. Pure. */
    Plan then(Change change, ApiFailure why);
  }

  /** A refusal that ends a plan. */
  private record Refusal(Change change, ApiFailure why) {
    boolean isRace() {
      return why.isConflict() || why.isAlreadyExists();
    }

    Outcome outcome() {
      return new Outcome.Failed(describe(change) + ": " + why.getMessage(), isRace());
    }
  }

  /** Applies {@code plan} for the loop called {@code loop}. */
  public Outcome apply(String loop, Plan plan, LoopCounters counters, OnRefusal onRefusal)
      throws InterruptedException {
    Optional<Refusal> refused = applyAll(loop, plan.changes(), counters);
    if (refused.isEmpty()) {
      return plan.again().map(Outcome::again).orElseGet(Outcome::done);
    }
    Plan rest = onRefusal.then(refused.get().change(), refused.get().why());
    Optional<Refusal> again = applyAll(loop, rest.changes(), counters);
    return again.orElse(refused.get()).outcome();
  }

  private Optional<Refusal> applyAll(String loop, List<Change> changes, LoopCounters counters)
      throws InterruptedException {
    int next = 0;
    while (next < changes.size()) {
      int end = endOfRun(changes, next);
      Optional<Refusal> refused = applyRun(loop, changes.subList(next, end), counters);
      if (refused.isPresent()) {
        return refused;
      }
      next = end;
    }
    return Optional.empty();
  }

  private static int endOfRun(List<Change> changes, int from) {
    int end = from + 1;
    if (isIndependent(changes.get(from))) {
      while (end < changes.size() && isIndependent(changes.get(end))) {
        end++;
      }
    }
    return end;
  }

  private static boolean isIndependent(Change change) {
    return change instanceof Change.Create<?> || change instanceof Change.Delete<?>;
  }

  private Optional<Refusal> applyRun(String loop, List<Change> run, LoopCounters counters)
      throws InterruptedException {
    int done = 0;
    int size = 1;
    while (done < run.size()) {
      List<Change> batch = run.subList(done, Math.min(run.size(), done + size));
      Optional<Refusal> refused =
          batch.size() == 1
              ? applyOne(loop, batch.getFirst(), counters)
              : applyTogether(loop, batch, counters);
      if (refused.isPresent()) {
        return refused;
      }
      done += batch.size();
      size = Math.min(LARGEST_BATCH, size * 2);
    }
    return Optional.empty();
  }

  private Optional<Refusal> applyTogether(String loop, List<Change> batch, LoopCounters counters)
      throws InterruptedException {
    ConcurrentLinkedQueue<Refusal> refusals = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Throwable> broken = new ConcurrentLinkedQueue<>();
    TaskScope scope = new TaskScope(loop, (task, cause) -> broken.add(cause));
    try (scope) {
      List<Thread> threads =
          groups(batch).stream()
              .map(
                  group ->
                      scope.start(
                          "apply", () -> refusals.addAll(applyGroup(loop, group, counters))))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    if (broken.peek() != null) {
      throw new IllegalStateException("a change broke in loop " + loop, broken.peek());
    }
    return Optional.ofNullable(refusals.peek());
  }

  private static List<List<Change>> groups(List<Change> batch) {
    int most = (batch.size() + GROUPS - 1) / GROUPS;
    List<List<Change>> groups = new ArrayList<>();
    int from = 0;
    while (from < batch.size()) {
      int to = from + 1;
      while (to < batch.size() && to < from + most && areAlike(batch.get(from), batch.get(to))) {
        to++;
      }
      groups.add(batch.subList(from, to));
      from = to;
    }
    return groups;
  }

  private static boolean areAlike(Change one, Change other) {
    return one instanceof Change.Create<?> first
        && other instanceof Change.Create<?> second
        && first.type().equals(second.type());
  }

  private List<Refusal> applyGroup(String loop, List<Change> group, LoopCounters counters) {
    return group.size() > 1 && group.getFirst() instanceof Change.Create<?> first
        ? createAll(loop, first, group, counters)
        : applyOne(loop, group.getFirst(), counters).stream().toList();
  }

  /** Creates what is of the type of {@code first}. */
  @SuppressWarnings("unchecked") // as all of the group are
  private <T extends ApiObject> List<Refusal> createAll(
      String loop, Change.Create<T> first, List<Change> group, LoopCounters counters) {
    List<Change.Create<T>> creates = new ArrayList<>(group.size());
    group.forEach(change -> creates.add((Change.Create<T>) change));
    List<Made<T>> made;
    try {
      made = client.createAll(first.type(), creates.stream().map(Change.Create::object).toList());
    } catch (ApiFailure e) {
      return List.of(new Refusal(first, e)); // of none of them is known what came of it
    }
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      Change.Create<T> create = creates.get(i);
      switch (made.get(i)) {
        case Made.Done<T>(T object) -> {
          created(create, object);
          applied(loop, create, counters);
        }
        case Made.Refused<T>(ApiFailure failure) -> {
          notCreated(create, failure);
          refusal(create, failure).ifPresent(refusals::add);
        }
      }
    }
    return refusals;
  }

  private Optional<Refusal> applyOne(String loop, Change change, LoopCounters counters) {
    try {
      if (write(change)) {
        applied(loop, change, counters);
      }
      return Optional.empty();
    } catch (ApiFailure e) {
      return refusal(change, e);
    }
  }

  private static void applied(String loop, Change change, LoopCounters counters) {
    counters.changed();
    if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "applied loop={0} change={1} reason={2}",
          loop,
          describe(change),
          change.reason());
    }
  }

  private static Optional<Refusal> refusal(Change change, ApiFailure why) {
    return isMoot(change, why) ? Optional.empty() : Optional.of(new Refusal(change, why));
  }

  /** Gone is fine for everything but a create, and a dying namespace takes no more objects. */
  private static boolean isMoot(Change change, ApiFailure e) {
    boolean gone = e.isNotFound() && !(change instanceof Change.Create<?>);
    return gone || isTerminating(e);
  }

  private static boolean isTerminating(ApiFailure e) {
    return e.code() == 403 && e.toString().contains("being terminated");
  }

  private boolean write(Change change) {
    return switch (change) {
      case Change.Create<?> create -> create(create);
      case Change.Update<?> update -> update(update);
      case Change.UpdateStatus<?> update -> updateStatus(update);
      case Change.PatchObject<?> patch -> patch(patch);
      case Change.Delete<?> delete -> delete(delete);
      case Change.Tell(ApiObject about, boolean warning, String reason, String message) -> {
        events.record(about, warning, reason, message);
        yield false;
      }
    };
  }

  private <T extends ApiObject> boolean create(Change.Create<T> create) {
    try {
      created(create, client.create(create.type(), create.object()));
      return true;
    } catch (ApiFailure e) {
      notCreated(create, e);
      throw e;
    }
  }

  private <T extends ApiObject> void created(Change.Create<T> create, T made) {
    tellCache(create.type(), made);
    ApiObject owner = create.onBehalfOf();
    if (owner != null) {
      events.record(
          owner,
          false,
          "SuccessfulCreate",
          "Created " + noun(create.type()) + ": " + made.metadata().nameOr(""));
    }
  }

  private void notCreated(Change.Create<?> create, ApiFailure why) {
    ApiObject owner = create.onBehalfOf();
    if (owner != null && !why.isAlreadyExists() && !isTerminating(why)) {
      events.record(owner, true, "FailedCreate", "Error creating: " + why.getMessage());
    }
  }

  private <T extends ApiObject> boolean update(Change.Update<T> update) {
    if (update.before().equals(update.after())) {
      return false;
    }
    tellCache(
        update.type(),
        client.update(update.type(), sameRevision(update.type(), update.before(), update.after())));
    return true;
  }

  private <T extends ApiObject> boolean updateStatus(Change.UpdateStatus<T> update) {
    if (update.before().equals(update.after())) {
      return false;
    }
    tellCache(
        update.type(),
        client.updateStatus(
            update.type(), sameRevision(update.type(), update.before(), update.after())));
    return true;
  }

  private static <T extends ApiObject> T sameRevision(ResourceType<T> type, T before, T after) {
    ObjectMeta meta = after.metadata();
    String revision = before.metadata().resourceVersion();
    return type.withMetadata(
        after, meta.withResourceVersion(revision).withUid(before.metadata().uid()));
  }

  private <T extends ApiObject> boolean patch(Change.PatchObject<T> patch) {
    tellCache(patch.type(), client.patch(patch.type(), patch.key(), patch.patch()));
    return true;
  }

  private <T extends ApiObject> boolean delete(Change.Delete<T> delete) {
    DeleteOptions options =
        DeleteOptions.builder()
            .preconditions(
                delete.uid().isEmpty() ? null : Preconditions.builder().uid(delete.uid()).build())
            .gracePeriodSeconds(delete.graceSeconds() < 0 ? null : (long) delete.graceSeconds())
            .propagationPolicy(policy(delete.propagation()))
            .build();
    ApiObject owner = delete.onBehalfOf();
    String name = delete.key().name();
    try {
      client.delete(delete.type(), delete.key(), options);
      caches
          .running(delete.type())
          .ifPresent(cache -> cache.deleted(delete.key(), delete.uid(), clock.now()));
      if (owner != null) {
        events.record(
            owner, false, "SuccessfulDelete", "Deleted " + noun(delete.type()) + ": " + name);
      }
      return true;
    } catch (ApiFailure e) {
      // A conflict on the uid means: another object by this name, so ours is gone.
      if (e.isNotFound() || (e.isConflict() && !delete.uid().isEmpty())) {
        return false;
      }
      if (owner != null) {
        events.record(owner, true, "FailedDelete", "Error deleting: " + e.getMessage());
      }
      throw e;
    }
  }

  private static @Nullable String policy(Change.Propagation propagation) {
    return switch (propagation) {
      case DEFAULT -> null;
      case BACKGROUND -> "Background";
      case FOREGROUND -> "Foreground";
      case ORPHAN -> "Orphan";
    };
  }

  private <T extends ApiObject> void tellCache(ResourceType<T> type, T object) {
    caches.running(type).ifPresent(cache -> cache.written(object));
  }

  private static String noun(ResourceType<?> type) {
    return type.kind().toLowerCase(Locale.ROOT);
  }

  private static String describe(Change change) {
    return switch (change) {
      case Change.Create<?> c -> "create " + c.type().kind() + " " + nameOf(c.object());
      case Change.Update<?> c -> "update " + c.type().kind() + " " + ObjectKey.of(c.before());
      case Change.UpdateStatus<?> c -> "status " + c.type().kind() + " " + ObjectKey.of(c.before());
      case Change.PatchObject<?> c -> "patch " + c.type().kind() + " " + c.key();
      case Change.Delete<?> c -> "delete " + c.type().kind() + " " + c.key();
      case Change.Tell c -> "event " + c.reason() + " " + ObjectKey.of(c.regarding());
    };
  }

  private static String nameOf(ApiObject object) {
    String name = object.metadata().nameOr(object.metadata().generateNameOr("") + "*");
    return new ObjectKey(object.metadata().namespaceOr(""), name).toString();
  }
}
