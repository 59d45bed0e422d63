package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.apiserver.validation.MetadataRules;
import dev.kapell.store.Commit;
import dev.kapell.store.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Replaces objects, or their status. */
final class Update {
  private static final int TRIES = 30;

  /** Makes the next state out of the present one; both in the served version. */
  @FunctionalInterface
  interface Change {
    /** The whole object as it shall be; {@code now} may be changed and returned. */
    Obj apply(Obj now);

    /**
     * Whether the writer owns what changes; else {@code apply} left the owners as they shall be.
     */
    default boolean isTracked() {
      return true;
    }

    /** Whether {@code apply} does not look at the present state, which is then no copy. */
    default boolean isWhole() {
      return false;
    }

    /** How admission sees it; empty: as it is. */
    default Optional<Lens> lens() {
      return Optional.empty();
    }
  }

  private final Storage storage;
  private final Metadata metadata;
  private final Admission admission;
  private final Allocations allocations;
  private final FieldOwners owners;
  private final Create create;

  Update(WriteParts parts, Create create) {
    storage = parts.storage();
    metadata = parts.metadata();
    admission = parts.admission();
    allocations = parts.allocations();
    owners = parts.owners();
    this.create = create;
  }

  Staged fromBody(Draft draft) {
    Row row = draft.row();
    Obj object = Bodies.object(row, draft.request(), draft.warnings());
    Metadata.requireName(draft.request(), object);
    Metadata.locate(row, draft.request(), object);
    boolean absent = storage.snapshot().get(row.key(draft.namespace(), draft.name())).isEmpty();
    if (absent
        && draft.subresource().isEmpty()
        && row.strategy().is(Strategy.Trait.CREATE_ON_UPDATE)) {
      return create.stageUpdated(draft, object);
    }
    if (!absent) {
      requireRevision(row, draft, object);
    }
    return stage(draft, new Replacement(draft, object));
  }

  /** The object in the body of a request. One write's. */
  private static final class Replacement implements Change {
    private final Draft draft;
    private @Nullable Obj read;

    Replacement(Draft draft, Obj read) {
      this.draft = draft;
      this.read = read;
    }

    /** The one that was read, which the write then changes; when it begins again, another one. */
    @Override
    public Obj apply(Obj now) {
      Obj next =
          read == null ? Bodies.object(draft.row(), draft.request(), new ArrayList<>()) : read;
      read = null;
      return next;
    }

    @Override
    public boolean isWhole() {
      return true;
    }
  }

  private static void requireRevision(Row row, Draft draft, Obj object) {
    if (row.strategy().is(Strategy.Trait.NEEDS_REVISION)
        && object.child("metadata").text("resourceVersion").isEmpty()) {
      // Kubernetes names the resource where other refusals name the kind.
      throw Failures.invalid(
          row.resource().group(),
          row.resource().plural(),
          draft.name(),
          List.of(
              FieldError.invalid(
                  "metadata.resourceVersion", 0, "must be specified for an update")));
    }
  }

  /** Reads, changes, writes; again from the start when somebody else wrote in between. */
  Answer.Single change(Draft draft, Change change) throws InterruptedException {
    return stage(draft, change).end();
  }

  /** The same up to the commit. */
  StagedChange stage(Draft draft, Change change) {
    return new StagedChange(draft, change);
  }

  /** The next state, worked out from the present one. */
  private record Worked(Obj next, Stored old) {}

  private Worked workOut(Draft draft, Change change) {
    Row row = draft.row();
    Stored old = storage.get(row, draft.namespace(), draft.name());
    Obj before = row.shown(old.object());
    Obj next = change.apply(change.isWhole() ? before : Obj.root(Trees.copy(before.map())));
    Metadata.locate(row, draft.request(), next);
    Metadata.checkPreconditions(row, next, old);
    row.conversion().toStored(next);
    row.strategy().defaults().apply(next);
    if (change.isTracked()) {
      owners.updated(draft, before, next);
    }
    prepare(draft, next, old, change);
    return new Worked(next, old);
  }

  /** A change of which only the commit is missing. */
  final class StagedChange implements Staged {
    private final Draft draft;
    private final Change change;
    private Worked worked;
    private @Nullable Future<Commit> sent;

    private StagedChange(Draft draft, Change change) {
      this.draft = draft;
      this.change = change;
      this.worked = workOut(draft, change);
    }

    @Override
    public void send(Pass pass) {
      Obj next = worked.next();
      Stored old = worked.old();
      if (isUnchanged(next, old) || Deletion.isFinished(draft.row(), next) || draft.dryRun()) {
        return; // rare, and not one put
      }
      sent =
          storage.send(
              () -> put(draft.row(), next, old),
              now -> allocations.change(draft.row(), next, old.object(), now),
              pass);
    }

    @Override
    public Answer.Single end() throws InterruptedException {
      Optional<Answer.Single> answer =
          sent == null ? write(draft, worked) : committed(draft, Storage.await(sent));
      for (int tries = 1; answer.isEmpty() && tries < TRIES; tries++) {
        worked = workOut(draft, change);
        answer = write(draft, worked);
      }
      return answer.orElseThrow(() -> Failures.modified(draft.row().resource(), draft.name()));
    }
  }

  private void prepare(Draft draft, Obj next, Stored old, Change change) {
    Row row = draft.row();
    Optional<Lens> lens = change.lens();
    Parts.restrict(row, draft.subresource(), next, old.object());
    Admission.Attempt attempt =
        draft.attempt(
            lens.map(Lens::operation).orElse(Admission.Operation.UPDATE),
            lens.isEmpty() ? Optional.of(old.object()) : lens.get().before(row.shown(old.object())),
            storage);
    Obj shown = lens.map(l -> l.after(row.shown(next))).orElse(next);
    admission.admit(attempt, shown);
    lens.ifPresent(l -> restore(row, l, shown, next));
    row.strategy().preparation().update(next, old.object());
    metadata.carryOver(row, next, old.object());
    next.make("metadata").drop("resourceVersion");
    Errors errors = new Errors();
    Obj meta = next.child("metadata");
    MetadataRules.check(meta, row.strategy().names(), errors);
    MetadataRules.checkChange(meta, old.metadata(), errors);
    if (draft.subresource().equals("status") || draft.subresource().equals("approval")) {
      row.strategy().rules().checkStatus(next, old.object(), errors);
    } else if (draft.subresource().isEmpty()) {
      row.strategy().rules().checkUpdate(next, old.object(), errors);
    } else {
      row.strategy().rules().checkPart(draft.subresource(), next, old.object(), errors);
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid(row.resource(), draft.name(), errors.list());
    }
    admission.validate(attempt, shown);
  }

  private static void restore(Row row, Lens lens, Obj shown, Obj next) {
    if (row.conversion().isIdentity()) {
      lens.restore(shown, next);
      return;
    }
    Obj served = lens.restore(shown, row.served(next));
    row.conversion().toStored(served);
    next.map().clear();
    next.map().putAll(served.map());
  }

  private static Op put(Row row, Obj next, Stored old) {
    Obj sealed = row.conversion().sealed(next);
    return Storage.put(old.entry().key(), sealed, old.entry().revision());
  }

  /** Empty when somebody else wrote in between. */
  private Optional<Answer.Single> write(Draft draft, Worked worked) throws InterruptedException {
    Row row = draft.row();
    Obj next = worked.next();
    Stored old = worked.old();
    if (isUnchanged(next, old)) {
      return Optional.of(draft.answer(200, Versions.served(row, old.entry().value())));
    }
    if (Deletion.isFinished(row, next)) {
      if (draft.dryRun()) {
        return Optional.of(draft.answer(200, Versions.served(row, Wire.plain(next.map()))));
      }
      return committed(
          draft,
          storage.commit(
              () -> Storage.delete(old, next), now -> allocations.release(row, old.object(), now)));
    }
    if (draft.dryRun()) {
      allocations.change(row, next, old.object(), Pass.at(storage.snapshot()));
      next.child("metadata").put("resourceVersion", Long.toString(old.entry().revision()));
      return Optional.of(draft.answer(200, Versions.served(row, Wire.plain(next.map()))));
    }
    return committed(
        draft,
        storage.commit(
            () -> put(row, next, old), now -> allocations.change(row, next, old.object(), now)));
  }

  private static boolean isUnchanged(Obj next, Stored old) {
    Obj before = old.object();
    String revision = old.metadata().text("resourceVersion");
    next.child("metadata").put("resourceVersion", revision);
    boolean same = next.map().equals(before.map());
    next.child("metadata").drop("resourceVersion");
    return same && !old.outdated();
  }

  private static Optional<Answer.Single> committed(Draft draft, Commit commit) {
    return switch (commit) {
      case Commit.Done done ->
          Optional.of(draft.answer(200, Versions.served(draft.row(), Storage.first(done).value())));
      case Commit.Conflict conflict -> Optional.empty();
    };
  }
}
