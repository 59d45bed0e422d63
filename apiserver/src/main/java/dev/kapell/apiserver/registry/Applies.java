package dev.kapell.apiserver.registry;

import dev.kapell.api.meta.v1.StatusCause;
import dev.kapell.apiserver.fields.Conflict;
import dev.kapell.apiserver.fields.Manager;
import dev.kapell.apiserver.fields.Ownership;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Server-side apply: a client states the fields it wants, and owns them from then on. */
final class Applies {
  private final Storage storage;
  private final Create create;
  private final Update update;
  private final FieldOwners owners;

  Applies(Storage storage, Create create, Update update, FieldOwners owners) {
    this.storage = storage;
    this.create = create;
    this.update = update;
    this.owners = owners;
  }

  Answer.Single apply(Draft draft) throws InterruptedException {
    Obj stated = Obj.root(Bodies.tree(draft.request().body()));
    checkIdentity(draft, stated);
    boolean absent =
        storage.snapshot().get(draft.row().key(draft.namespace(), draft.name())).isEmpty();
    if (absent && draft.subresource().isEmpty()) {
      return create.storeApplied(
          draft, applied(draft, Obj.root(draft.row().form().empty()), stated));
    }
    return change(draft, stated, Optional.empty());
  }

  /**
   * Applies {@code stated}, which is of the kind that is stored, to an object that is there.
   *
   * @param lens how admission sees it; empty: as it is
   */
  Answer.Single change(Draft draft, Obj stated, Optional<Lens> lens) throws InterruptedException {
    return update.change(
        draft,
        new Update.Change() {
          @Override
          public Obj apply(Obj now) {
            return applied(draft, now, stated);
          }

          @Override
          public boolean isTracked() {
            return false;
          }

          @Override
          public Optional<Lens> lens() {
            return lens;
          }
        });
  }

  private static void checkIdentity(Draft draft, Obj stated) {
    String apiVersion = draft.row().resource().apiVersion();
    String kind = draft.row().resource().kind();
    String version = stated.text("apiVersion");
    if (!version.equals(apiVersion) && stated.text("kind").equals(kind)) {
      throw Failures.badRequest(
          "Incorrect version specified in apply patch. Specified patch version: "
              + version
              + ", expected: "
              + apiVersion);
    }
    if (!version.equals(apiVersion) || !stated.text("kind").equals(kind)) {
      throw Failures.badRequest(
          "invalid object type: "
              + stated.text("apiVersion")
              + ", Kind="
              + stated.text("kind")
              + ": an apply to this path states apiVersion "
              + apiVersion
              + " and kind "
              + kind);
    }
    if (stated.child("metadata").get("managedFields") != null) {
      throw Failures.badRequest("metadata.managedFields must be nil");
    }
  }

  private Obj applied(Draft draft, Obj now, Obj stated) {
    Row row = draft.row();
    Ownership ownership = owners.of(draft);
    check(draft, ownership, stated);
    String manager = draft.request().options().fieldManager();
    boolean force = draft.request().options().force();
    Obj wanted = Obj.root(Trees.copy(stated.map()));
    Ownership.Applied applied =
        ownership.apply(now, wanted, Manager.applier(manager, draft.subresource()), force);
    refuse(applied.conflicts());
    return Obj.root(
            row.form().canonical(applied.object().map(), FieldValidation.IGNORE, draft.warnings()))
        .put("apiVersion", row.resource().apiVersion())
        .put("kind", row.resource().kind());
  }

  private static void check(Draft draft, Ownership ownership, Obj stated) {
    List<String> errors = ownership.errors(stated);
    if (!errors.isEmpty()) {
      String name =
          draft.namespace().isEmpty() ? draft.name() : draft.namespace() + "/" + draft.name();
      throw Failures.badRequest(
          "failed to create typed patch object ("
              + name
              + "; "
              + draft.row().resource().apiVersion()
              + ", Kind="
              + draft.row().resource().kind()
              + "): "
              + (errors.size() == 1
                  ? errors.getFirst()
                  : "errors:\n  " + String.join("\n  ", errors)));
    }
  }

  private static void refuse(List<Conflict> conflicts) {
    if (conflicts.isEmpty()) {
      return;
    }
    List<StatusCause> causes = new ArrayList<>();
    for (Conflict conflict : conflicts) {
      causes.add(Failures.cause("FieldManagerConflict", conflict.field(), conflict.message()));
    }
    throw Failures.applyConflict(Conflict.summary(conflicts), causes);
  }
}
