package dev.kapell.apiserver.quota;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which objects a quota is about. */
final class Scopes {
  private Scopes() {}

  /** Whether the scopes of a quota's {@code spec} cover {@code object}. */
  static boolean cover(Obj spec, String resource, Obj object) {
    List<String> scopes = spec.texts("scopes");
    List<Obj> expressions = spec.child("scopeSelector").items("matchExpressions");
    return scopes.stream().allMatch(scope -> isIn(scope, resource, object))
        && expressions.stream().allMatch(expression -> holds(expression, resource, object));
  }

  private static boolean isIn(String scope, String resource, Obj object) {
    if (!resource.equals("pods")) {
      return false;
    }
    Obj spec = object.child("spec");
    return switch (scope) {
      case "BestEffort" -> PodTotals.isBestEffort(spec);
      case "NotBestEffort" -> !PodTotals.isBestEffort(spec);
      case "Terminating" -> spec.has("activeDeadlineSeconds");
      case "NotTerminating" -> !spec.has("activeDeadlineSeconds");
      case "CrossNamespacePodAffinity" -> reachesOtherNamespaces(spec);
      case "PriorityClass" -> !spec.text("priorityClassName").isEmpty();
      default -> false;
    };
  }

  private static boolean holds(Obj expression, String resource, Obj object) {
    String scope = expression.text("scopeName");
    String value;
    if (scope.equals("PriorityClass") && resource.equals("pods")) {
      value = object.child("spec").text("priorityClassName");
    } else if (scope.equals("VolumeAttributesClass") && resource.equals("persistentvolumeclaims")) {
      value = object.child("spec").text("volumeAttributesClassName");
    } else {
      return isIn(scope, resource, object);
    }
    return switch (expression.text("operator")) {
      case "In" -> expression.texts("values").contains(value);
      case "NotIn" -> !expression.texts("values").contains(value);
      case "Exists" -> !value.isEmpty();
      default -> value.isEmpty();
    };
  }

  private static boolean reachesOtherNamespaces(Obj spec) {
    List<Obj> terms = new ArrayList<>();
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      Obj affinity = spec.child("affinity").child(kind);
      terms.addAll(affinity.items("requiredDuringSchedulingIgnoredDuringExecution"));
      affinity.items("preferredDuringSchedulingIgnoredDuringExecution").stream()
          .flatMap(preferred -> Stream.of(preferred.child("podAffinityTerm")))
          .forEach(terms::add);
    }
    return terms.stream()
        .anyMatch(term -> !term.values("namespaces").isEmpty() || term.has("namespaceSelector"));
  }
}
