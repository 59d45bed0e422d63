package dev.kapell.apiserver.table;

import static dev.kapell.apiserver.table.Cells.NONE;
import static dev.kapell.apiserver.table.Cells.orNone;
import static dev.kapell.apiserver.table.Column.age;
import static dev.kapell.apiserver.table.Column.number;
import static dev.kapell.apiserver.table.Column.objectName;
import static dev.kapell.apiserver.table.Column.text;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of what directs requests and addresses. */
final class ControlTables {
  private ControlTables() {}

  static Map<String, List<Column>> all() {
    return Map.of(
        "ipaddresses.networking.k8s.io",
        List.of(
            objectName(), text("ParentRef", (o, _) -> parent(o.child("spec").child("parentRef")))),
        "servicecidrs.networking.k8s.io",
        List.of(
            objectName(),
            text("CIDRs", (o, _) -> orNone(String.join(",", o.child("spec").texts("cidrs")))),
            age()),
        "flowschemas.flowcontrol.apiserver.k8s.io",
        schemas(),
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        levels(),
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        policies("Validations", "validations"),
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        policies("Mutations", "mutations"),
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        bindings(),
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
        bindings());
  }

  private static String parent(Obj parent) {
    return Stream.of("resource", "group", "namespace", "name")
        .map(parent::text)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("/"));
  }

  private static List<Column> schemas() {
    return List.of(
        objectName(),
        text("PriorityLevel", Cells.text("spec", "priorityLevelConfiguration", "name")),
        number("MatchingPrecedence", Cells.number("spec", "matchingPrecedence")),
        text(
            "DistinguisherMethod",
            (o, _) -> orNone(o.child("spec").child("distinguisherMethod").text("type"))),
        age(),
        text("MissingPL", (o, _) -> dangling(o)));
  }

  private static String dangling(Obj schema) {
    return schema.child("status").items("conditions").stream()
        .filter(condition -> condition.text("type").equals("Dangling"))
        .map(condition -> condition.text("status"))
        .findFirst()
        .orElse("?");
  }

  private static List<Column> levels() {
    return List.of(
        objectName(),
        text("Type", Cells.text("spec", "type")),
        text(
            "NominalConcurrencyShares",
            numberOrNone("spec", "limited", "nominalConcurrencyShares")),
        text("Queues", numberOrNone("spec", "limited", "limitResponse", "queuing", "queues")),
        text("HandSize", numberOrNone("spec", "limited", "limitResponse", "queuing", "handSize")),
        text(
            "QueueLengthLimit",
            numberOrNone("spec", "limited", "limitResponse", "queuing", "queueLengthLimit")),
        age());
  }

  private static List<Column> policies(String title, String list) {
    return List.of(
        objectName(),
        number(title, (o, _) -> (long) o.child("spec").values(list).size()),
        text(
            "ParamKind",
            (o, _) -> {
              Obj kind = o.child("spec").child("paramKind");
              return kind.map().isEmpty()
                  ? Cells.UNSET
                  : kind.text("apiVersion") + "/" + kind.text("kind");
            }),
        age());
  }

  private static List<Column> bindings() {
    return List.of(
        objectName(),
        text("PolicyName", Cells.text("spec", "policyName")),
        text(
            "ParamRef",
            (o, _) -> {
              Obj ref = o.child("spec").child("paramRef");
              if (ref.map().isEmpty()) {
                return Cells.UNSET;
              }
              String name = ref.text("name").isEmpty() ? "*" : ref.text("name");
              return ref.text("namespace").isEmpty() ? name : ref.text("namespace") + "/" + name;
            }),
        age());
  }

  /** A number that only some objects have. */
  static Column.Cell numberOrNone(String... path) {
    return (o, now) -> {
      Obj at = o;
      for (int i = 0; i < path.length - 1; i++) {
        at = at.child(path[i]);
      }
      String last = path[path.length - 1];
      return at.has(last) ? Long.toString(at.number(last, 0)) : NONE;
    };
  }
}
