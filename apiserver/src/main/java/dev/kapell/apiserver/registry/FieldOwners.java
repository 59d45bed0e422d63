package dev.kapell.apiserver.registry;

import dev.kapell.api.GroupVersion;
import dev.kapell.apiserver.fields.KnownFields;
import dev.kapell.apiserver.fields.Manager;
import dev.kapell.apiserver.fields.Ownership;
import dev.kapell.apiserver.fields.Part;
import dev.kapell.apiserver.fields.Shape;
import dev.kapell.apiserver.fields.Versions;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who owns which field of what is written, in {@code metadata.managedFields}. Thread-safe. */
final class FieldOwners {
  private static final Part NO_STATUS = Part.without("status");
  private static final Part STATUS =
      Part.without("spec", "metadata.deletionTimestamp", "metadata.ownerReferences");
  private static final Part DEPLOYMENT_STATUS =
      Part.without(
          "spec", "metadata.labels", "metadata.deletionTimestamp", "metadata.ownerReferences");
  private static final Part CUSTOM_STATUS = Part.without("spec", "metadata");
  private static final Part EPHEMERAL_CONTAINERS = Part.only("spec.ephemeralContainers");

  private final Rows rows;
  private final Metadata metadata;
  private final KnownFields known = new KnownFields();

  FieldOwners(Rows rows, Metadata metadata) {
    this.rows = rows;
    this.metadata = metadata;
  }

  /** Notes who made {@code object}, which is in the stored version. */
  void created(Draft draft, Obj object) {
    set(object, of(draft).created(served(draft.row(), object), updater(draft)));
  }

  /** Notes who changes {@code before}, in the served version, into {@code next}. */
  void updated(Draft draft, Obj before, Obj next) {
    set(next, of(draft).updated(before, served(draft.row(), next), updater(draft)));
  }

  private static void set(Obj object, List<Object> entries) {
    if (entries.isEmpty()) {
      object.child("metadata").drop("managedFields");
    } else {
      object.make("metadata").put("managedFields", entries);
    }
  }

  private static Manager updater(Draft draft) {
    RequestOptions options = draft.request().options();
    String name = options.fieldManager().isEmpty() ? options.client() : options.fieldManager();
    return Manager.updater(name, draft.row().resource().apiVersion(), draft.subresource());
  }

  /** The rules for this write. */
  Ownership of(Draft draft) {
    Row row = draft.row();
    return new Ownership(
        row.resource().apiVersion(),
        part(row, draft.subresource()),
        new RowVersions(row),
        known,
        metadata.now());
  }

  private static Part part(Row row, String subresource) {
    boolean builtIn = row.resource().type().isPresent();
    return switch (subresource) {
      case "" -> row.strategy().is(Strategy.Trait.STATUS) ? NO_STATUS : Part.WHOLE;
      case "status" ->
          !builtIn
              ? CUSTOM_STATUS
              : row.resource().kind().equals("Deployment") ? DEPLOYMENT_STATUS : STATUS;
      case "ephemeralcontainers" -> EPHEMERAL_CONTAINERS;
      default -> Part.WHOLE;
    };
  }

  private static Obj served(Row row, Obj stored) {
    if (row.conversion().isIdentity()) {
      return stored;
    }
    Obj served = Obj.root(Trees.copy(stored.map()));
    row.conversion().fromStored(served);
    return served;
  }

  /** The versions of a row's kind that are served now. */
  private final class RowVersions implements Versions {
    private final Row row;

    RowVersions(Row row) {
      this.row = row;
    }

    @Override
    public Map<String, Object> empty() {
      return row.form().empty();
    }

    @Override
    public Optional<Shape> shape(String apiVersion) {
      return row(apiVersion).map(found -> found.form().shape());
    }

    @Override
    public Map<String, Object> convert(Map<String, Object> object, String apiVersion) {
      Optional<Row> from = row(String.valueOf(object.get("apiVersion")));
      Optional<Row> to = row(apiVersion);
      if (apiVersion.equals(object.get("apiVersion")) || from.isEmpty() || to.isEmpty()) {
        return object;
      }
      Obj converted = Obj.root(Trees.copy(object));
      from.get().conversion().toStored(converted);
      to.get().conversion().fromStored(converted);
      return converted.map();
    }

    private Optional<Row> row(String apiVersion) {
      if (apiVersion.equals(row.resource().apiVersion())) {
        return Optional.of(row);
      }
      GroupVersion wanted = GroupVersion.of(apiVersion);
      return rows.row(wanted.group(), wanted.version(), row.resource().plural())
          .filter(found -> found.table().equals(row.table()));
    }
  }
}
