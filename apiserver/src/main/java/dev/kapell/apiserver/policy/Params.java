package dev.kapell.apiserver.policy;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.value.Null;
import java.util.List;
import java.util.Optional;

/** Finds the parameters that a binding refers to. */
final class Params {
  private final Rows rows;

  Params(Rows rows) {
    this.rows = rows;
  }

  /** A reference that cannot be followed. */
  static final class NotFound extends Exception {
    private static final long serialVersionUID = 1;

    NotFound(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The parameters, for each of which the policy is evaluated: one null without a reference, none
   * when none are there and that is fine.
   */
  List<Object> of(Head policy, Binding binding, Attempt attempt) throws NotFound {
    if (policy.paramKind().isEmpty() || binding.paramRef().isEmpty()) {
      return List.of(Null.VALUE);
    }
    Head.ParamKind kind = policy.paramKind().get();
    Obj ref = binding.paramRef().get();
    Row row = find(kind).orElseThrow(() -> new NotFound("paramKind kind `" + kind + "` not known"));
    String namespace = namespace(row, ref, attempt);
    List<Object> found =
        ref.text("name").isEmpty()
            ? selected(row, ref, namespace, attempt)
            : named(row, ref.text("name"), namespace, attempt);
    if (found.isEmpty() && !ref.text("parameterNotFoundAction").equals("Allow")) {
      throw new NotFound("no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return found;
  }

  private Optional<Row> find(Head.ParamKind kind) {
    return rows.all().stream()
        .filter(
            resource ->
                resource.kind().equals(kind.kind())
                    && resource.apiVersion().equals(kind.apiVersion()))
        .findFirst()
        .flatMap(resource -> rows.row(resource.group(), resource.version(), resource.plural()));
  }

  private static String namespace(Row row, Obj ref, Attempt attempt) throws NotFound {
    String stated = ref.text("namespace");
    if (!row.resource().namespaced()) {
      if (!stated.isEmpty()) {
        throw new NotFound(
            "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
      }
      return "";
    }
    String namespace = stated.isEmpty() ? attempt.namespace() : stated;
    if (namespace.isEmpty()) {
      throw new NotFound(
          "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }
    return namespace;
  }

  private static List<Object> named(Row row, String name, String namespace, Attempt attempt) {
    return attempt.lookup().find(row.table(), row.key(namespace, name).path()).stream()
        .<Object>map(param -> served(row, param))
        .toList();
  }

  private static List<Object> selected(Row row, Obj ref, String namespace, Attempt attempt) {
    LabelQuery query =
        LabelQuery.of(
            JsonCodec.fromTree(
                    LabelSelector.CODEC, ref.child("selector").map(), UnknownFields.IGNORE)
                .value());
    return attempt.lookup().list(row.table(), namespace).stream()
        .filter(param -> query.matches(param.child("metadata").strings("labels")))
        .<Object>map(param -> served(row, param))
        .toList();
  }

  private static Object served(Row row, Obj param) {
    return row.conversion().isIdentity() ? param.map() : row.served(param).map();
  }
}
