package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.validation.ApiApproval;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which of the names that a definition asks for it gets. Pure.
 *
 * @param accepted the names by which it is served
 * @param conflict the reason of the condition when some were taken; empty when all were free
 * @param message which one
 */
record Naming(Map<String, Object> accepted, String conflict, String message) {

  /** Decides about {@code definition}, of which some names may have been accepted before. */
  static Naming of(Definition definition, Claims claims) {
    Obj asked = definition.names();
    Obj accepted =
        Obj.root(Trees.copy(definition.tree().child("status").child("acceptedNames").map()));
    String conflict = "";
    String message = "";
    for (String field : List.of("plural", "singular", "shortNames", "kind", "listKind")) {
      boolean kind = field.endsWith("ind");
      List<String> taken =
          (field.equals("shortNames") ? asked.texts(field) : List.of(asked.text(field)))
              .stream()
                  .filter(
                      name ->
                          kind
                              ? !claims.isFreeKind(definition, name)
                              : !claims.isFreeResource(definition, name))
                  .map(name -> "\"" + name + "\" is already in use")
                  .toList();
      if (taken.isEmpty()) {
        accepted.copy(field, asked);
      } else {
        conflict = Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Conflict";
        message = taken.size() == 1 ? taken.getFirst() : "[" + String.join(", ", taken) + "]";
      }
    }
    accepted.copy("categories", asked);
    return new Naming(accepted.map(), conflict, message);
  }

  boolean isAccepted() {
    return conflict.isEmpty();
  }

  /** The status of {@code definition} with this decision in it. */
  Obj status(Definition definition, Instant now) {
    Obj status = Obj.root(Trees.copy(definition.tree().child("status").map()));
    status.put("acceptedNames", Trees.copy(accepted));
    if (isAccepted()) {
      condition(status, "NamesAccepted", true, List.of("NoConflicts", "no conflicts found"), now);
    } else {
      condition(status, "NamesAccepted", false, List.of(conflict, message), now);
    }
    if (!definition.isEstablished()) {
      if (isAccepted()) {
        condition(
            status,
            "Established",
            true,
            List.of("InitialNamesAccepted", "the initial names have been accepted"),
            now);
      } else {
        condition(
            status,
            "Established",
            false,
            List.of("NotAccepted", "not all names are accepted"),
            now);
      }
    }
    ApiApproval.of(definition.tree())
        .ifPresent(
            approval ->
                condition(
                    status,
                    "KubernetesAPIApprovalPolicyConformant",
                    approval.state() == ApiApproval.State.APPROVED,
                    List.of(reason(approval.state()), approval.reason()),
                    now));
    return status;
  }

  private static String reason(ApiApproval.State state) {
    return switch (state) {
      case INVALID -> "InvalidAnnotation";
      case APPROVED -> "ApprovedAnnotation";
      case BYPASSED -> "UnapprovedAnnotation";
      case MISSING -> "MissingAnnotation";
    };
  }

  /**
   * Sets a condition; its time changes with its truth only.
   *
   * @param why reason and message
   */
  static void condition(Obj status, String type, boolean holds, List<String> why, Instant now) {
    String truth = holds ? "True" : "False";
    List<Object> conditions = new ArrayList<>();
    Map<String, Object> condition =
        Obj.tree(
            "lastTransitionTime",
            now.truncatedTo(ChronoUnit.SECONDS).toString(),
            "message",
            why.getLast(),
            "reason",
            why.getFirst(),
            "status",
            truth,
            "type",
            type);
    boolean there = false;
    for (Obj each : status.items("conditions")) {
      boolean same = each.text("type").equals(type);
      if (same && each.text("status").equals(truth)) {
        condition.put("lastTransitionTime", each.text("lastTransitionTime"));
      }
      conditions.add(same ? condition : each.map());
      there |= same;
    }
    if (!there) {
      conditions.add(condition);
    }
    status.put("conditions", conditions);
  }
}
