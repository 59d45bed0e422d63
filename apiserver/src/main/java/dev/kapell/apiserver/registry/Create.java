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

  Create(Storage storage, Metadata metadata, Admission admission, Allocations allocations) {
    this.storage = storage;
    this.metadata = metadata;
    this.admission = admission;
    this.allocations = allocations;
  }

  Answer.Single fromBody(Draft draft) throws InterruptedException {
    Obj object = Bodies.object(draft.row(), draft.request(), draft.warnings());
    Resource resource = draft.row().resource();
    Honour.warn(resource.apiVersion(), resource.kind(), object, draft.warnings());
    return store(draft, object);
  }

  /** Stores {@code object}, which is in the served version and canonical. */
  Answer.Single store(Draft draft, Obj object) throws InterruptedException {
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
    Admission.Attempt attempt =
        draft.attempt(Admission.Operation.CREATE, Optional.empty(), storage);
    admission.admit(attempt, object);
    row.strategy().preparation().create(object);
    row.strategy().defaults().apply(object);
    FieldOwners.record(draft, object, metadata.now());
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
