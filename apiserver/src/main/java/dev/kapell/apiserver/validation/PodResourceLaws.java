package dev.kapell.apiserver.validation;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.quota.PodTotals;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.Map;

/** What a pod asks for as a whole, beside what its containers ask for. */
final class PodResourceLaws {
  private PodResourceLaws() {}

  static void check(Obj spec, Errors errors) {
    Obj whole = spec.child("resources");
    if (whole.map().isEmpty()) {
      return;
    }
    errors.forbid(whole, "claims", "claims cannot be set for Resources at pod-level");
    Map<String, Quantity> limits = PodTotals.amounts(spec, "limits");
    Map<String, Quantity> requests = PodTotals.amounts(spec, "requests");
    limits.keySet().forEach(name -> supported(whole, "limits", name, errors));
    requests.keySet().forEach(name -> supported(whole, "requests", name, errors));
    requests.forEach(
        (name, request) -> {
          Quantity limit = limits.get(name);
          if (limit != null && request.compareTo(limit) > 0) {
            errors.invalid(
                whole.key("requests", name),
                request.toString(),
                "must be less than or equal to %s limit of %s".formatted(name, limit));
          }
        });
    atLeastTheirSum(spec, requests, errors);
    atMostTheWhole(spec, limits, errors);
  }

  private static void supported(Obj whole, String part, String name, Errors errors) {
    if (!name.equals("cpu") && !name.equals("memory") && !name.startsWith("hugepages-")) {
      errors.add(
          FieldError.invalid(
              whole.key(part, name), name, "must be cpu, memory or hugepages at pod-level"));
    }
  }

  private static void atLeastTheirSum(Obj spec, Map<String, Quantity> requests, Errors errors) {
    Obj containers = Obj.root(Obj.tree()).copy("containers", spec).copy("initContainers", spec);
    Map<String, Quantity> sums = PodTotals.of(containers, "requests");
    requests.forEach(
        (name, request) -> {
          Quantity sum = sums.getOrDefault(name, Quantity.ZERO);
          if (request.compareTo(sum) < 0) {
            errors.invalid(
                spec.child("resources").key("requests", name),
                request.toString(),
                "must be greater than or equal to aggregate container requests of " + sum);
          }
        });
  }

  private static void atMostTheWhole(Obj spec, Map<String, Quantity> limits, Errors errors) {
    for (Obj container : spec.items("containers")) {
      PodTotals.amounts(container, "limits")
          .forEach(
              (name, limit) -> {
                Quantity most = limits.getOrDefault(name, limit);
                if (limit.compareTo(most) > 0) {
                  errors.invalid(
                      container.child("resources").key("limits", name),
                      limit.toString(),
                      "must be less than or equal to pod limits of " + most);
                }
              });
    }
  }
}
