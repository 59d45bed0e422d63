package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.apiserver.validation.Honour;
import dev.kapell.apiserver.validation.MetadataRules;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.Commit;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Stores new objects. */
final class Create {
  private static final int NAME_TRIES = 8;

  private final Storage storage;
  private final Metadata metadata;
  private final Admission admission;
  private final Allocations allocations;
  private final FieldOwners owners;

  Create(WriteParts parts) {
    storage = parts.storage();
    metadata = parts.metadata();
    admission = parts.admission();
    allocations = parts.allocations();
    owners = parts.owners();
  }

  Staged fromBody(Draft draft) {
    Obj object = Bodies.object(draft.row(), draft.request(), draft.warnings());
    Resource resource = draft.row().resource();
    Honour.warn(resource.apiVersion(), resource.kind(), object, draft.warnings());
    return new StagedCreate(draft, object, true);
  }

  /** What an update of an absent object asks for, up to the commit. */
  Staged stageUpdated(Draft draft, Obj object) {
    return new StagedCreate(draft, unconditional(draft, object), true);
  }

  /** Stores {@code object}, which an apply made and that says itself who owns its fields. */
  Answer.Single storeApplied(Draft draft, Obj object) throws InterruptedException {
    return new StagedCreate(draft, unconditional(draft, object), false).end();
  }

  /** The object without preconditions: one that names a uid cannot be meant, a revision can. */
  private static Obj unconditional(Draft draft, Obj object) {
    Obj metadata = object.child("metadata");
    String uid = metadata.text("uid");
    if (!uid.isEmpty()) {
      throw Failures.conflict(
          draft.row().resource(),
          draft.name(),
          "uid mismatch: the provided object specified uid "
              + uid
              + ", and no existing object was found");
    }
    metadata.drop("resourceVersion");
    return object;
  }

  /**
   * Everything that is done to a new object before it is valid.
   *
   * @param object in the served version and canonical
   * @param track whether the writer owns all of it
   * @return what admission was told
   */
  private Admission.Attempt prepare(Draft draft, Obj object, boolean track) {
    Row row = draft.row();
    Metadata.locate(row, draft.request(), object);
    if (!object.child("metadata").text("resourceVersion").isEmpty()) {
      throw Failures.badRequest("resourceVersion should not be set on objects to be created");
    }
    if (object.child("metadata").text("name").isEmpty() && !metadata.generateName(object)) {
      throw Failures.invalid(row.resource(), "", Metadata.nameMissing());
    }
    row.conversion().toStored(object);
    metadata.begin(row, object);
    row.strategy().defaults().apply(object);
    if (track) {
      owners.created(draft, object);
    }
    Admission.Attempt attempt =
        draft.attempt(Admission.Operation.CREATE, Optional.empty(), storage);
    admission.admit(attempt, object);
    row.strategy().preparation().create(object);
    if (row.strategy().is(Strategy.Trait.STATUS)) {
      row.form().emptyStatus().ifPresent(status -> object.fill("status", status));
    }
    row.strategy().defaults().apply(object);
    return attempt;
  }

  /** A commit under way, and what takes back what was claimed with it. */
  private record Sent(Future<Commit> commit, Runnable undo) {}

  /** A new object of which only the commit is missing. */
  private final class StagedCreate implements Staged {
    private final Draft draft;
    private final Obj object;
    private final boolean named;
    private final Admission.Attempt attempt;
    private @Nullable Sent sent;

    StagedCreate(Draft draft, Obj object, boolean track) {
      this.draft = draft;
      this.object = object;
      this.named = !draft.name().isEmpty() || !object.child("metadata").text("name").isEmpty();
      this.attempt = prepare(draft, object, track);
      check();
    }

    private void check() {
      validate(draft.row(), object);
      admission.validate(attempt, object);
    }

    @Override
    public void send(Pass pass) {
      if (!draft.dryRun() && !isTaken(draft, object)) {
        Runnable undo = allocations.undo(draft.row(), object);
        try {
          sent =
              new Sent(
                  storage.send(
                      () -> put(draft, object),
                      now -> allocations.claim(draft.row(), object, now),
                      pass),
                  undo);
        } catch (ApiFailure e) {
          undo.run();
          throw e;
        }
      }
    }

    @Override
    public Answer.Single end() throws InterruptedException {
      Optional<Answer.Single> stored = Optional.empty();
      if (sent != null) {
        stored = committed(draft, Storage.await(sent.commit()), sent.undo());
      }
      if (stored.isEmpty()) {
        stored = tryStore(draft, object);
      }
      for (int tries = 1; stored.isEmpty(); tries++) {
        String name = object.child("metadata").text("name");
        if (named || tries == NAME_TRIES) {
          throw Failures.alreadyExists(draft.row().resource(), name);
        }
        metadata.generateName(object);
        check();
        stored = tryStore(draft, object);
      }
      return stored.get();
    }
  }

  private static void validate(Row row, Obj object) {
    Errors errors = new Errors();
    MetadataRules.check(object.child("metadata"), row.strategy().names(), errors);
    row.strategy().rules().check(object, errors);
    if (!errors.isEmpty()) {
      throw Failures.invalid(row.resource(), object.child("metadata").text("name"), errors.list());
    }
  }

  private static Key key(Draft draft, Obj object) {
    return draft.row().key(draft.namespace(), object.child("metadata").text("name"));
  }

  private boolean isTaken(Draft draft, Obj object) {
    return storage.snapshot().get(key(draft, object)).isPresent();
  }

  private static Op.Put put(Draft draft, Obj object) {
    return Storage.put(draft.row(), key(draft, object), object, Op.ABSENT);
  }

  /** Empty when the name is taken; again as long as only a claim is lost. */
  private Optional<Answer.Single> tryStore(Draft draft, Obj object) throws InterruptedException {
    while (!isTaken(draft, object)) {
      Runnable undo = allocations.undo(draft.row(), object);
      List<Op> claims = allocations.claim(draft.row(), object, Pass.at(storage.snapshot()));
      if (draft.dryRun()) {
        byte[] shown = Versions.served(draft.row(), Wire.plain(object.map()));
        return Optional.of(draft.answer(201, shown));
      }
      Optional<Answer.Single> stored =
          committed(draft, storage.commit(put(draft, object), claims), undo);
      if (stored.isPresent()) {
        return stored;
      }
    }
    return Optional.empty();
  }

  /** Empty when something was claimed in between: the name, or what belongs to the object. */
  private static Optional<Answer.Single> committed(Draft draft, Commit commit, Runnable undo) {
    return switch (commit) {
      case Commit.Done done ->
          Optional.of(draft.answer(201, Versions.served(draft.row(), Storage.first(done).value())));
      case Commit.Conflict _ -> {
        undo.run();
        yield Optional.empty();
      }
    };
  }
}
