package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.apiserver.validation.Honour;
import dev.kapell.apiserver.validation.MetadataRules;
import dev.kapell.store.Commit;
import dev.kapell.store.Op;
import java.util.List;
import java.util.Optional;

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

  Answer.Single fromBody(Draft draft) throws InterruptedException {
    Obj object = Bodies.object(draft.row(), draft.request(), draft.warnings());
    Resource resource = draft.row().resource();
    Honour.warn(resource.apiVersion(), resource.kind(), object, draft.warnings());
    return store(draft, object);
  }

  /** Stores {@code object}, which is in the served version and canonical. */
  Answer.Single store(Draft draft, Obj object) throws InterruptedException {
    return store(draft, object, true);
  }

  /** Stores what an update of an absent object asks for. */
  Answer.Single storeUpdated(Draft draft, Obj object) throws InterruptedException {
    return store(draft, unconditional(draft, object), true);
  }

  /** Stores {@code object}, which an apply made and that says itself who owns its fields. */
  Answer.Single storeApplied(Draft draft, Obj object) throws InterruptedException {
    return store(draft, unconditional(draft, object), false);
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

  private Answer.Single store(Draft draft, Obj object, boolean track) throws InterruptedException {
    Row row = draft.row();
    Metadata.locate(row, draft.request(), object);
    if (!object.child("metadata").text("resourceVersion").isEmpty()) {
      throw Failures.badRequest("resourceVersion should not be set on objects to be created");
    }
    boolean named = !object.child("metadata").text("name").isEmpty();
    if (!named && !metadata.generateName(object)) {
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
    for (int tries = 1; ; tries++) {
      validate(row, object);
      admission.validate(attempt, object);
      Optional<Answer.Single> stored = tryStore(draft, object);
      if (stored.isPresent()) {
        return stored.get();
      }
      String name = object.child("metadata").text("name");
      if (named || tries == NAME_TRIES) {
        throw Failures.alreadyExists(row.resource(), name);
      }
      metadata.generateName(object);
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

  /** Empty when the name is taken. */
  private Optional<Answer.Single> tryStore(Draft draft, Obj object) throws InterruptedException {
    Row row = draft.row();
    String name = object.child("metadata").text("name");
    var key = row.key(draft.namespace(), name);
    if (storage.snapshot().get(key).isPresent()) {
      return Optional.empty();
    }
    while (true) {
      List<Op> claims = allocations.claim(row, object, storage.snapshot());
      if (draft.dryRun()) {
        return Optional.of(draft.answer(201, Versions.served(row, Wire.plain(object.map()))));
      }
      Op.Put put = Storage.put(row, key, object, Op.ABSENT);
      switch (storage.commit(put, claims)) {
        case Commit.Done done -> {
          return Optional.of(draft.answer(201, Versions.served(row, Storage.first(done).value())));
        }
        case Commit.Conflict conflict -> {
          if (conflict.failed().key().equals(key)) {
            return Optional.empty();
          }
          allocations.lost(row, object, conflict.failed().key());
        }
      }
    }
  }
}
