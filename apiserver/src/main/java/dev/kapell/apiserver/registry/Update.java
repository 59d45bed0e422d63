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
import java.util.List;
import java.util.Optional;

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

    /** Whether it may have made the object invalid. */
    default boolean isChecked() {
      return true;
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

  Answer.Single fromBody(Draft draft) throws InterruptedException {
    Row row = draft.row();
    Obj object = Bodies.object(row, draft.request(), draft.warnings());
    Metadata.locate(row, draft.request(), object);
    boolean absent = storage.snapshot().get(row.key(draft.namespace(), draft.name())).isEmpty();
    if (absent
        && draft.subresource().isEmpty()
        && row.strategy().is(Strategy.Trait.CREATE_ON_UPDATE)) {
      return create.storeUpdated(draft, object);
    }
    if (!absent) {
      requireRevision(row, draft, object);
    }
    return change(draft, now -> Obj.root(Trees.copy(object.map())));
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
    Row row = draft.row();
    for (int tries = 0; tries < TRIES; tries++) {
      Stored old = storage.get(row, draft.namespace(), draft.name());
      Obj present = Obj.root(Trees.copy(old.object().map()));
      row.conversion().fromStored(present);
      Obj before =
          row.conversion().isIdentity() ? old.object() : Obj.root(Trees.copy(present.map()));
      Obj next = change.apply(present);
      Metadata.locate(row, draft.request(), next);
      Metadata.checkPreconditions(row, next, old);
      row.conversion().toStored(next);
      row.strategy().defaults().apply(next);
      if (change.isTracked()) {
        owners.updated(draft, before, next);
      }
      prepare(draft, next, old, change);
      Optional<Answer.Single> answer = write(draft, next, old);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw Failures.modified(row.resource(), draft.name());
  }

  private void prepare(Draft draft, Obj next, Stored old, Change change) {
    Row row = draft.row();
    Optional<Lens> lens = change.lens();
    Parts.restrict(row, draft.subresource(), next, old.object());
    Admission.Attempt attempt =
        draft.attempt(
            lens.map(Lens::operation).orElse(Admission.Operation.UPDATE),
            lens.isEmpty()
                ? Optional.of(old.object())
                : lens.get().before(row.served(old.object())),
            storage);
    Obj shown = lens.map(l -> l.after(row.served(next))).orElse(next);
    admission.admit(attempt, shown);
    lens.ifPresent(l -> restore(row, l.restore(shown, row.served(next)), next));
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
    } else if (change.isChecked()) {
      row.strategy().rules().check(next, errors);
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid(row.resource(), draft.name(), errors.list());
    }
    admission.validate(attempt, shown);
  }

  private static void restore(Row row, Obj served, Obj next) {
    row.conversion().toStored(served);
    next.map().clear();
    next.map().putAll(served.map());
  }

  /** Empty when somebody else wrote in between. */
  private Optional<Answer.Single> write(Draft draft, Obj next, Stored old)
      throws InterruptedException {
    Row row = draft.row();
    var key = old.entry().key();
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
      allocations.change(row, next, old.object(), storage.snapshot());
      next.child("metadata").put("resourceVersion", Long.toString(old.entry().revision()));
      return Optional.of(draft.answer(200, Versions.served(row, Wire.plain(next.map()))));
    }
    Obj sealed = row.conversion().sealed(next);
    return committed(
        draft,
        storage.commit(
            () -> Storage.put(key, sealed, old.entry().revision()),
            now -> allocations.change(row, next, old.object(), now)));
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
