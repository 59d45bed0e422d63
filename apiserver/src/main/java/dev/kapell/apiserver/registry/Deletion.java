package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.store.Commit;
import dev.kapell.store.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects.
 *
 * <p>An object goes at once unless something holds it: finalizers, the grace period of a pod that
 * runs on a node, the content of a namespace. Then it gets a deletion timestamp and goes with the
 * update that takes the last hold away.
 */
final class Deletion {
  private static final int TRIES = 30;
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private final Storage storage;
  private final Metadata metadata;
  private final Admission admission;
  private final Allocations allocations;

  Deletion(Storage storage, Metadata metadata, Admission admission, Allocations allocations) {
    this.storage = storage;
    this.metadata = metadata;
    this.admission = admission;
    this.allocations = allocations;
  }

  /** What a delete asks for, from its body and its query. */
  record Wish(
      Optional<Long> graceSeconds,
      String policy,
      String uid,
      String resourceVersion,
      boolean dryRun) {
    static Wish of(Draft draft) {
      Obj body =
          draft.request().body().isEmpty()
              ? Obj.root(Obj.tree())
              : Obj.root(Bodies.tree(draft.request().body()));
      var options = draft.request().options();
      Optional<Long> grace =
          body.has("gracePeriodSeconds")
              ? Optional.of(body.number("gracePeriodSeconds", 0))
              : options.gracePeriodSeconds();
      String policy = body.text("propagationPolicy");
      if (!policy.isEmpty() && body.has("orphanDependents")) {
        throw Failures.invalid(
            "meta.k8s.io",
            "DeleteOptions",
            "",
            List.of(
                FieldError.invalid(
                    "propagationPolicy",
                    policy,
                    "orphanDependents and deletionPropagation cannot be both set")));
      }
      if (policy.isEmpty() && body.has("orphanDependents")) {
        policy = body.flag("orphanDependents") ? "Orphan" : "Background";
      }
      if (policy.isEmpty()) {
        policy = options.propagationPolicy();
      }
      if (!List.of("", "Orphan", "Background", "Foreground").contains(policy)) {
        throw Failures.invalid(
            "meta.k8s.io",
            "DeleteOptions",
            "",
            List.of(
                FieldError.notSupported(
                    "propagationPolicy",
                    policy,
                    List.of("Foreground", "Background", "Orphan", "nil"))));
      }
      Obj conditions = body.child("preconditions");
      return new Wish(
          grace,
          policy,
          conditions.text("uid"),
          conditions.text("resourceVersion"),
          draft.dryRun() || asksDryRun(body));
    }

    private static boolean asksDryRun(Obj options) {
      for (Object value : options.values("dryRun")) {
        if (!"All".equals(value)) {
          throw Failures.invalid(
              "meta.k8s.io",
              "DeleteOptions",
              "",
              List.of(FieldError.notSupported("dryRun", value, List.of("All"))));
        }
      }
      return !options.values("dryRun").isEmpty();
    }
  }

  Answer.Single delete(Draft draft, Wish wish) throws InterruptedException {
    return stage(draft, wish).end();
  }

  /** The same up to the commit. */
  StagedDeletion stage(Draft draft, Wish wish) {
    return new StagedDeletion(draft, wish);
  }

  /**
   * What the object becomes.
   *
   * @param goesNow whether it is gone with that
   */
  private record Worked(Stored old, Obj next, boolean goesNow) {
    boolean changesNothing() {
      return !goesNow && next.map().equals(old.object().map());
    }
  }

  private Worked workOut(Draft draft, Wish wish) {
    Row row = draft.row();
    Stored old = storage.get(row, draft.namespace(), draft.name());
    check(row, old, wish);
    if (draft.subresource().isEmpty()) { // an eviction was admitted as one
      admission.validate(
          draft.attempt(Admission.Operation.DELETE, Optional.of(old.object()), storage),
          old.object());
    }
    Obj next = Obj.root(Trees.copy(old.object().map()));
    finalizers(next, wish.policy());
    return new Worked(old, next, !hold(row, next, old, wish));
  }

  /** A deletion of which only the commit is missing. */
  final class StagedDeletion implements Staged {
    private final Draft draft;
    private final Wish wish;
    private Worked worked;
    private @Nullable Future<Commit> sent;

    private StagedDeletion(Draft draft, Wish wish) {
      this.draft = draft;
      this.wish = wish;
      this.worked = workOut(draft, wish);
    }

    @Override
    public void send(Pass pass) {
      if (wish.dryRun() || worked.changesNothing()) {
        return;
      }
      Stored old = worked.old();
      sent =
          worked.goesNow()
              ? storage.send(
                  () -> Storage.delete(old, worked.next()),
                  now -> allocations.release(draft.row(), old.object(), now),
                  pass)
              : storage.send(mark(), List.of());
    }

    private Op mark() {
      Stored old = worked.old();
      return Storage.put(draft.row(), old.entry().key(), worked.next(), old.entry().revision());
    }

    @Override
    public Answer.Single end() throws InterruptedException {
      if (wish.dryRun() || worked.changesNothing()) {
        return answer(draft, worked.old(), worked.old().entry().value(), worked.goesNow());
      }
      Commit commit = sent == null ? commit() : Storage.await(sent);
      for (int tries = 1; tries < TRIES && commit instanceof Commit.Conflict; tries++) {
        worked = workOut(draft, wish);
        if (worked.changesNothing()) {
          return answer(draft, worked.old(), worked.old().entry().value(), false);
        }
        commit = commit();
      }
      if (commit instanceof Commit.Done done) {
        return answer(draft, worked.old(), Storage.first(done).value(), worked.goesNow());
      }
      throw Failures.modified(draft.row().resource(), draft.name());
    }

    private Commit commit() throws InterruptedException {
      Stored old = worked.old();
      return worked.goesNow()
          ? storage.commit(
              () -> Storage.delete(old, worked.next()),
              now -> allocations.release(draft.row(), old.object(), now))
          : storage.commit(mark(), List.of());
    }
  }

  private static void check(Row row, Stored old, Wish wish) {
    String name = old.metadata().text("name");
    if (!wish.uid().isEmpty() && !wish.uid().equals(old.uid())) {
      throw Failures.conflict(
          row.resource(),
          name,
          "the UID in the precondition ("
              + wish.uid()
              + ") does not match the UID in record ("
              + old.uid()
              + "). The object might have been deleted and then recreated");
    }
    String revision = Long.toString(old.entry().revision());
    if (!wish.resourceVersion().isEmpty() && !wish.resourceVersion().equals(revision)) {
      throw Failures.conflict(
          row.resource(),
          name,
          "the ResourceVersion in the precondition ("
              + wish.resourceVersion()
              + ") does not match the ResourceVersion in record ("
              + revision
              + "). The object might have been modified");
    }
  }

  private static void finalizers(Obj next, String policy) {
    if (policy.isEmpty()) {
      return;
    }
    Obj meta = next.make("metadata");
    List<Object> finalizers = new ArrayList<>(meta.texts("finalizers"));
    finalizers.remove(ORPHAN);
    finalizers.remove(FOREGROUND);
    switch (policy) {
      case "Orphan" -> finalizers.add(ORPHAN);
      case "Foreground" -> finalizers.add(FOREGROUND);
      default -> {}
    }
    if (finalizers.isEmpty()) {
      meta.drop("finalizers");
    } else {
      meta.put("finalizers", finalizers);
    }
  }

  /** Marks {@code next} as going; false when nothing holds it. */
  private boolean hold(Row row, Obj next, Stored old, Wish wish) {
    Obj meta = next.make("metadata");
    long grace = row.strategy().is(Strategy.Trait.GRACEFUL) ? grace(next, wish) : 0;
    boolean held = grace > 0 || isHeld(next);
    if (!held) {
      return false;
    }
    if (old.isTerminating()) {
      long left = meta.number("deletionGracePeriodSeconds", 0);
      if (grace < left && wish.graceSeconds().isPresent()) {
        var since = java.time.Instant.parse(meta.text("deletionTimestamp")).minusSeconds(left);
        meta.put("deletionTimestamp", since.plusSeconds(grace).toString());
        meta.put("deletionGracePeriodSeconds", grace);
      }
      return (left > 0 && grace > 0) || isHeld(next);
    }
    meta.put("deletionTimestamp", metadata.now().plusSeconds(grace).toString());
    meta.put("deletionGracePeriodSeconds", grace);
    if (row.strategy().is(Strategy.Trait.GENERATION)) {
      meta.put("generation", meta.number("generation", 1) + 1);
    }
    if (row.table().equals("namespaces")) {
      next.make("status").put("phase", "Terminating");
    }
    return true;
  }

  private static long grace(Obj pod, Wish wish) {
    String phase = pod.child("status").text("phase");
    if (pod.child("spec").text("nodeName").isEmpty()
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return 0;
    }
    Obj spec = pod.child("spec");
    long wanted = wish.graceSeconds().orElse(spec.number("terminationGracePeriodSeconds", 30));
    return wanted < 0 ? 1 : wanted;
  }

  private static boolean isHeld(Obj object) {
    boolean namespaceContent =
        object.text("kind").equals("Namespace")
            && object.text("apiVersion").equals("v1")
            && !object.child("spec").values("finalizers").isEmpty();
    return namespaceContent || !object.child("metadata").values("finalizers").isEmpty();
  }

  /** Whether an update took the last hold off an object that is being deleted. */
  static boolean isFinished(Row row, Obj next) {
    Obj meta = next.child("metadata");
    boolean graceOver =
        !row.strategy().is(Strategy.Trait.GRACEFUL)
            || meta.number("deletionGracePeriodSeconds", 0) == 0;
    return meta.has("deletionTimestamp") && graceOver && !isHeld(next);
  }

  private static Answer.Single answer(Draft draft, Stored old, byte[] json, boolean gone) {
    Row row = draft.row();
    if (!gone || row.strategy().is(Strategy.Trait.RETURN_DELETED)) {
      return draft.answer(200, Versions.served(row, json));
    }
    return draft.answer(200, success(row, old));
  }

  private static byte[] success(Row row, Stored old) {
    Obj details = Obj.root(Obj.tree("name", old.metadata().text("name")));
    if (!row.resource().group().isEmpty()) {
      details.put("group", row.resource().group());
    }
    details.put("kind", row.resource().plural()).put("uid", old.uid());
    return Wire.plain(
        Obj.tree(
            "kind",
            "Status",
            "apiVersion",
            "v1",
            "metadata",
            Obj.tree(),
            "status",
            "Success",
            "details",
            details.map()));
  }
}
