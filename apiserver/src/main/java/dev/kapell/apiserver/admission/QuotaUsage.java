package dev.kapell.apiserver.admission;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an object takes from a quota. */
final class QuotaUsage {
  private static final Quantity ONE = Quantity.of(1);

  private QuotaUsage() {}

  /** Amounts by the names that quotas use. */
  static Map<String, Quantity> of(String resource, Obj object) {
    Map<String, Quantity> used = new LinkedHashMap<>();
    used.put("count/" + resource, ONE);
    switch (resource) {
      case "pods" -> pod(object, used);
      case "services" -> service(object.child("spec"), used);
      case "persistentvolumeclaims" -> {
        used.put(resource, ONE);
        String storage = object.child("spec").child("resources").strings("requests").get("storage");
        if (storage != null) {
          used.put("requests.storage", Quantity.parse(storage));
        }
      }
      case "configmaps", "secrets", "replicationcontrollers", "resourcequotas" ->
          used.put(resource, ONE);
      default -> {}
    }
    return used;
  }

  private static void service(Obj spec, Map<String, Quantity> used) {
    used.put("services", ONE);
    String type = spec.text("type");
    long ports = spec.items("ports").size();
    used.put(
        "services.nodeports",
        type.equals("NodePort") || type.equals("LoadBalancer")
            ? Quantity.of(ports)
            : Quantity.ZERO);
    used.put("services.loadbalancers", type.equals("LoadBalancer") ? ONE : Quantity.ZERO);
  }

  private static void pod(Obj pod, Map<String, Quantity> used) {
    used.put("pods", ONE);
    for (Obj container : pod.child("spec").items("containers")) {
      Obj resources = container.child("resources");
      resources
          .strings("requests")
          .forEach(
              (name, amount) -> {
                Quantity quantity = Quantity.parse(amount);
                used.merge("requests." + name, quantity, Quantity::plus);
                if (List.of("cpu", "memory", "ephemeral-storage").contains(name)) {
                  used.merge(name, quantity, Quantity::plus);
                }
              });
      resources
          .strings("limits")
          .forEach(
              (name, amount) ->
                  used.merge("limits." + name, Quantity.parse(amount), Quantity::plus));
    }
  }

  /** Pods that have ended take nothing. */
  static boolean counts(String resource, Obj object) {
    String phase = object.child("status").text("phase");
    return !resource.equals("pods") || (!phase.equals("Succeeded") && !phase.equals("Failed"));
  }

  /** Whether a quota's scopes cover {@code object}. */
  static boolean inScope(String resource, Obj quota, Obj object) {
    Obj spec = quota.child("spec");
    boolean scoped =
        !spec.values("scopes").isEmpty() || spec.child("scopeSelector").has("matchExpressions");
    if (!scoped) {
      return true;
    }
    if (!resource.equals("pods")) {
      return false;
    }
    for (String scope : spec.texts("scopes")) {
      if (!inScope(scope, object)) {
        return false;
      }
    }
    for (Obj expression : spec.child("scopeSelector").items("matchExpressions")) {
      if (!matches(expression, object)) {
        return false;
      }
    }
    return true;
  }

  private static boolean inScope(String scope, Obj pod) {
    boolean bestEffort =
        pod.child("spec").items("containers").stream()
            .allMatch(
                container ->
                    container.child("resources").strings("requests").isEmpty()
                        && container.child("resources").strings("limits").isEmpty());
    boolean terminating = pod.child("spec").has("activeDeadlineSeconds");
    return switch (scope) {
      case "BestEffort" -> bestEffort;
      case "NotBestEffort" -> !bestEffort;
      case "Terminating" -> terminating;
      case "NotTerminating" -> !terminating;
      default -> true;
    };
  }

  private static boolean matches(Obj expression, Obj pod) {
    if (!expression.text("scopeName").equals("PriorityClass")) {
      return inScope(expression.text("scopeName"), pod);
    }
    String name = pod.child("spec").text("priorityClassName");
    return switch (expression.text("operator")) {
      case "In" -> expression.texts("values").contains(name);
      case "NotIn" -> !expression.texts("values").contains(name);
      case "Exists" -> !name.isEmpty();
      default -> name.isEmpty();
    };
  }
}
