package dev.kapell.controllers.quota;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceQuota;
import dev.kapell.api.core.v1.ScopedResourceSelectorRequirement;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.match.PodRequests;
import dev.kapell.controllers.workload.Pods;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What objects take from a quota, by the names that quotas use. Pure. */
final class Usage {
  private static final Quantity ONE = Quantity.of(1);
  private static final Set<String> PLAIN = Set.of("cpu", "memory", "ephemeral-storage");

  private Usage() {}

  /** What one object takes; {@code resource} is its qualified name. */
  static Map<String, Quantity> of(String resource, ApiObject object) {
    Map<String, Quantity> used = new LinkedHashMap<>();
    if (object instanceof Pod pod && Pods.isFinished(pod)) {
      return used;
    }
    used.put("count/" + resource, ONE);
    switch (object) {
      case Pod pod -> pod(pod, used);
      case Service service -> service(service, used);
      case PersistentVolumeClaim claim -> claim(claim, used);
      default -> used.put(resource, ONE);
    }
    return used;
  }

  private static void pod(Pod pod, Map<String, Quantity> used) {
    used.put("pods", ONE);
    PodRequests.requests(pod.spec())
        .forEach(
            (name, amount) -> {
              used.put("requests." + name, amount);
              if (PLAIN.contains(name)) {
                used.put(name, amount);
              }
            });
    PodRequests.limits(pod.spec()).forEach((name, amount) -> used.put("limits." + name, amount));
  }

  private static void service(Service service, Map<String, Quantity> used) {
    String type = service.spec().typeOr("ClusterIP");
    boolean balanced = type.equals("LoadBalancer");
    used.put("services", ONE);
    if (balanced) {
      used.put("services.loadbalancers", ONE);
    }
    if (type.equals("NodePort")
        || (balanced && service.spec().allocateLoadBalancerNodePortsOr(true))) {
      used.put("services.nodeports", Quantity.of(service.spec().ports().size()));
    }
  }

  private static void claim(PersistentVolumeClaim claim, Map<String, Quantity> used) {
    used.put("persistentvolumeclaims", ONE);
    var resources = claim.spec().resources();
    Quantity storage = resources == null ? null : resources.requests().get("storage");
    String storageClass = claim.spec().storageClassNameOr("");
    String prefix = storageClass + ".storageclass.storage.k8s.io/";
    if (!storageClass.isEmpty()) {
      used.put(prefix + "persistentvolumeclaims", ONE);
    }
    if (storage != null) {
      used.put("requests.storage", storage);
      if (!storageClass.isEmpty()) {
        used.put(prefix + "requests.storage", storage);
      }
    }
  }

  /** Whether the quota's scopes cover {@code object}; quotas with scopes cover only pods. */
  static boolean covers(ResourceQuota quota, ApiObject object) {
    var selector = quota.spec().scopeSelector();
    List<ScopedResourceSelectorRequirement> expressions =
        selector == null ? List.of() : selector.matchExpressions();
    if (quota.spec().scopes().isEmpty() && expressions.isEmpty()) {
      return true;
    }
    return object instanceof Pod pod
        && quota.spec().scopes().stream().allMatch(scope -> isIn(scope, pod))
        && expressions.stream().allMatch(expression -> holds(expression, pod));
  }

  private static boolean isIn(String scope, Pod pod) {
    return switch (scope) {
      case "BestEffort" -> isBestEffort(pod);
      case "NotBestEffort" -> !isBestEffort(pod);
      case "Terminating" -> pod.spec().activeDeadlineSeconds() != null;
      case "NotTerminating" -> pod.spec().activeDeadlineSeconds() == null;
      case "CrossNamespacePodAffinity" -> false;
      default -> true;
    };
  }

  private static boolean isBestEffort(Pod pod) {
    return pod.spec().containers().stream().allMatch(Usage::asksNothing)
        && pod.spec().initContainers().stream().allMatch(Usage::asksNothing);
  }

  private static boolean asksNothing(Container container) {
    var resources = container.resources();
    return resources == null || (resources.requests().isEmpty() && resources.limits().isEmpty());
  }

  private static boolean holds(ScopedResourceSelectorRequirement expression, Pod pod) {
    if (!expression.scopeNameOr("").equals("PriorityClass")) {
      return isIn(expression.scopeNameOr(""), pod);
    }
    String name = pod.spec().priorityClassNameOr("");
    return switch (expression.operatorOr("")) {
      case "In" -> expression.values().contains(name);
      case "NotIn" -> !expression.values().contains(name);
      case "Exists" -> !name.isEmpty();
      default -> name.isEmpty();
    };
  }
}
