package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply: a client states the fields it wants, and owns them from then on.
 *
 * <p>Ownership is kept in {@code managedFields} for managers that apply. A field that another
 * applying manager owns with another value is a conflict, unless forced; a field that a manager
 * owned and no longer states goes, unless another one owns it too.
 */
final class Applies {
  private final Storage storage;
  private final Create create;
  private final Update update;
  private final Metadata metadata;

  Applies(Storage storage, Create create, Update update, Metadata metadata) {
    this.storage = storage;
    this.create = create;
    this.update = update;
    this.metadata = metadata;
  }

  Answer.Single apply(Draft draft) throws InterruptedException {
    if (draft.request().options().fieldManager().isEmpty()) {
      throw Failures.invalid(
          "meta.k8s.io",
          "PatchOptions",
          "",
          List.of(FieldError.required("fieldManager", "is required for apply patch")));
    }
    Row row = draft.row();
    Map<String, Object> sent = Bodies.tree(draft.request().body());
    Obj identity = Obj.root(sent);
    Bodies.checkIdentity(identity, row.resource().apiVersion(), row.resource().kind());
    if (identity.child("metadata").has("managedFields")) {
      throw Failures.badRequest("metadata.managedFields must be nil");
    }
    Obj wanted =
        Obj.root(
            row.form()
                .canonical(sent, draft.request().options().fieldValidation(), draft.warnings()));
    wanted.put("apiVersion", row.resource().apiVersion()).put("kind", row.resource().kind());
    Metadata.locate(row, draft.request(), wanted);
    boolean absent = storage.snapshot().get(row.key(draft.namespace(), draft.name())).isEmpty();
    if (absent && draft.subresource().isEmpty()) {
      Obj object = Obj.root(Trees.copy(wanted.map()));
      own(draft, object, wanted);
      return create.store(draft, object);
    }
    return update.change(draft, now -> merged(draft, now, wanted));
  }

  private Obj merged(Draft draft, Obj now, Obj wanted) {
    String type = OwnedFields.type(draft.row().resource());
    Obj stated = Obj.root(Trees.copy(wanted.map()));
    Map<String, Object> fields = OwnedFields.of(stated.map(), type);
    List<Obj> others = new ArrayList<>();
    Map<String, Object> before = Map.of();
    for (Obj entry : now.child("metadata").items("managedFields")) {
      if (isMine(draft, entry)) {
        before = entry.child("fieldsV1").map();
      } else if (entry.text("operation").equals("Apply")) {
        others.add(entry);
      }
    }
    conflicts(draft, now, stated, fields, others, type);
    Map<String, Object> rest = before;
    for (Obj other : others) {
      rest = OwnedFields.without(rest, other.child("fieldsV1").map());
    }
    OwnedFields.remove(now.map(), OwnedFields.without(rest, fields), type);
    OwnedFields.merge(now.map(), stated.map(), type);
    own(draft, now, stated);
    Obj canonical =
        Obj.root(
            draft
                .row()
                .form()
                .canonical(
                    now.map(),
                    dev.kapell.apiserver.request.FieldValidation.IGNORE,
                    draft.warnings()));
    return canonical
        .put("apiVersion", draft.row().resource().apiVersion())
        .put("kind", draft.row().resource().kind());
  }

  private static void conflicts(
      Draft draft, Obj now, Obj stated, Map<String, Object> fields, List<Obj> others, String type) {
    List<dev.kapell.api.meta.v1.StatusCause> causes = new ArrayList<>();
    for (Obj other : others) {
      Map<String, Object> owned = other.child("fieldsV1").map();
      for (String path : OwnedFields.differing(now.map(), stated.map(), fields, owned, type)) {
        causes.add(
            Failures.cause(
                "FieldManagerConflict", path, "conflict with \"" + other.text("manager") + "\""));
      }
      if (draft.request().options().force()) {
        Map<String, Object> left = OwnedFields.without(owned, fields);
        other.put("fieldsV1", left);
      }
    }
    if (!causes.isEmpty() && !draft.request().options().force()) {
      String all =
          String.join(
              "\n", causes.stream().map(c -> c.messageOr("") + ": " + c.fieldOr("")).toList());
      throw Failures.applyConflict(
          "Apply failed with "
              + causes.size()
              + (causes.size() == 1 ? " conflict: " : " conflicts: ")
              + all,
          causes);
    }
  }

  private static boolean isMine(Draft draft, Obj entry) {
    return entry.text("operation").equals("Apply")
        && entry.text("manager").equals(draft.request().options().fieldManager())
        && entry.text("subresource").equals(draft.subresource());
  }

  private void own(Draft draft, Obj object, Obj stated) {
    Obj meta = object.make("metadata");
    List<Object> entries = new ArrayList<>();
    for (Obj entry : meta.items("managedFields")) {
      boolean empty =
          entry.text("operation").equals("Apply") && entry.child("fieldsV1").map().isEmpty();
      if (!isMine(draft, entry) && !empty) {
        entries.add(entry.map());
      }
    }
    Obj mine =
        Obj.root(
            Obj.tree(
                "apiVersion",
                draft.row().resource().apiVersion(),
                "fieldsType",
                "FieldsV1",
                "fieldsV1",
                OwnedFields.of(stated.map(), OwnedFields.type(draft.row().resource())),
                "manager",
                draft.request().options().fieldManager(),
                "operation",
                "Apply"));
    if (!draft.subresource().isEmpty()) {
      mine.put("subresource", draft.subresource());
    }
    mine.put("time", metadata.now().toString());
    entries.add(mine.map());
    meta.put("managedFields", entries);
  }
}
