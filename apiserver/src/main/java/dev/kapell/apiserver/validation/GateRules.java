package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/**
 * What may change of a pod that its gates keep from the scheduler: gates go and none comes, and
 * where it may run becomes narrower, never wider.
 */
final class GateRules {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

  private GateRules() {}

  /** Whether {@code spec} is that of a pod that waits for a gate. */
  static boolean isGated(Obj spec) {
    return !spec.values("schedulingGates").isEmpty();
  }

  static void change(Obj spec, Obj before, Errors errors) {
    List<String> gates =
        before.items("schedulingGates").stream().map(gate -> gate.text("name")).toList();
    for (Obj gate : spec.items("schedulingGates")) {
      if (!gates.contains(gate.text("name"))) {
        errors.add(
            FieldError.forbidden(
                gate.at("name"),
                "only deletion is allowed, but found new scheduling gate '"
                    + gate.text("name")
                    + "'"));
      }
    }
    if (isGated(before)) {
      selector(spec, before, errors);
      terms(
          spec.child("affinity").child("nodeAffinity").child(REQUIRED),
          before.child("affinity").child("nodeAffinity").child(REQUIRED),
          errors);
    }
  }

  private static void selector(Obj spec, Obj before, Errors errors) {
    Map<String, String> now = spec.strings("nodeSelector");
    if (!now.entrySet().containsAll(before.strings("nodeSelector").entrySet())) {
      errors.invalid(
          spec.at("nodeSelector"),
          spec.get("nodeSelector"),
          "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
    }
  }

  private static void terms(Obj required, Obj before, Errors errors) {
    List<Obj> known = before.items("nodeSelectorTerms");
    List<Obj> terms = required.items("nodeSelectorTerms");
    if (known.isEmpty()) {
      return;
    }
    if (known.size() != terms.size()) {
      errors.invalid(
          required.at("nodeSelectorTerms"),
          required.get("nodeSelectorTerms"),
          "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
      return;
    }
    for (int i = 0; i < known.size(); i++) {
      if (!isNarrower(terms.get(i), known.get(i))) {
        errors.invalid(
            terms.get(i).path(),
            terms.get(i).map(),
            "only additions are allowed (no mutations or deletions)");
      }
    }
  }

  /** All of them have to hold, so each that comes leaves fewer nodes; an empty term has none. */
  private static boolean isNarrower(Obj term, Obj before) {
    boolean wasEmpty =
        before.values("matchExpressions").isEmpty() && before.values("matchFields").isEmpty();
    boolean isEmpty =
        term.values("matchExpressions").isEmpty() && term.values("matchFields").isEmpty();
    return wasEmpty
        ? isEmpty
        : keeps(term, before, "matchExpressions") && keeps(term, before, "matchFields");
  }

  private static boolean keeps(Obj term, Obj before, String field) {
    List<?> now = term.values(field);
    List<?> was = before.values(field);
    if (now.size() < was.size()) {
      return false;
    }
    for (int i = 0; i < was.size(); i++) {
      if (!Trees.same(now.get(i), was.get(i))) {
        return false;
      }
    }
    return true;
  }
}
