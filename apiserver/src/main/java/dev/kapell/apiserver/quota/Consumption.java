package dev.kapell.apiserver.quota;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one object takes, by the names that quotas use. */
final class Consumption {
  private static final Quantity ONE = Quantity.of(1);
  private static final Set<String> PLAIN = Set.of("cpu", "memory", "ephemeral-storage");
  private static final Set<String> COUNTED =
      Set.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas");
  private static final String CLASS = ".storageclass.storage.k8s.io/";
  private static final String CLAIMS = "resourceclaims.resource.k8s.io";
  private static final String DEVICES = ".deviceclass.resource.k8s.io/devices";

  /** No claim gets more; who wants all that there are may get so many. */
  private static final long MOST_DEVICES = 32;

  private Consumption() {}

  /**
   * Amounts by name.
   *
   * @param resource for instance {@code pods} or {@code deployments.apps}
   */
  static Map<String, Quantity> of(String resource, Obj object) {
    Map<String, Quantity> used = new LinkedHashMap<>();
    used.put("count/" + resource, ONE);
    switch (resource) {
      case "pods" -> pod(object, used);
      case "services" -> service(object.child("spec"), used);
      case "persistentvolumeclaims" -> claim(object, used);
      case CLAIMS -> devices(object.child("spec").child("devices"), used);
      default -> {
        if (COUNTED.contains(resource)) {
          used.put(resource, ONE);
        }
      }
    }
    return used;
  }

  /** The resource whose objects take from what a quota calls {@code name}; empty for none. */
  static Optional<String> resourceOf(String name) {
    if (name.startsWith("count/")) {
      return Optional.of(name.substring("count/".length()));
    }
    if (name.equals("services") || name.startsWith("services.")) {
      return Optional.of("services");
    }
    if (name.equals("persistentvolumeclaims")
        || name.equals("requests.storage")
        || name.contains(CLASS)) {
      return Optional.of("persistentvolumeclaims");
    }
    if (name.endsWith(DEVICES)) {
      return Optional.of(CLAIMS);
    }
    return Optional.of(COUNTED.contains(name) ? name : "pods");
  }

  /** A pod that has ended still counts as an object, but takes nothing. */
  private static void pod(Obj pod, Map<String, Quantity> used) {
    String phase = pod.child("status").text("phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return;
    }
    used.put("pods", ONE);
    Obj spec = pod.child("spec");
    PodTotals.of(spec, "requests")
        .forEach(
            (name, amount) -> {
              used.put("requests." + name, amount);
              if (PLAIN.contains(name) || name.startsWith("hugepages-")) {
                used.put(name, amount);
              }
            });
    PodTotals.of(spec, "limits").forEach((name, amount) -> used.put("limits." + name, amount));
  }

  private static void service(Obj spec, Map<String, Quantity> used) {
    used.put("services", ONE);
    String type = spec.text("type");
    boolean balanced = type.equals("LoadBalancer");
    if (balanced) {
      used.put("services.loadbalancers", ONE);
    }
    if (type.equals("NodePort") || balanced) {
      boolean all =
          !spec.has("allocateLoadBalancerNodePorts")
              || !balanced
              || spec.flag("allocateLoadBalancerNodePorts");
      long ports =
          spec.items("ports").stream()
              .filter(port -> all || port.number("nodePort", 0) != 0)
              .count();
      used.put("services.nodeports", Quantity.of(ports));
    }
  }

  private static void claim(Obj claim, Map<String, Quantity> used) {
    used.put("persistentvolumeclaims", ONE);
    Obj spec = claim.child("spec");
    String storageClass = spec.text("storageClassName");
    String old =
        claim
            .child("metadata")
            .strings("annotations")
            .get("volume.beta.kubernetes.io/storage-class");
    String prefix = (old == null ? storageClass : old) + CLASS;
    boolean classed = !prefix.startsWith(".");
    if (classed) {
      used.put(prefix + "persistentvolumeclaims", ONE);
    }
    Quantity asked = PodTotals.amounts(spec, "requests").get("storage");
    String allocated = claim.child("status").strings("allocatedResources").get("storage");
    if (asked != null) {
      Quantity storage = allocated == null ? asked : asked.max(Quantity.parse(allocated));
      used.put("requests.storage", storage);
      if (classed) {
        used.put(prefix + "requests.storage", storage);
      }
    }
  }

  /** The most devices of each class that a claim may come to, whichever alternatives it gets. */
  private static void devices(Obj devices, Map<String, Quantity> used) {
    for (Obj request : devices.items("requests")) {
      Map<String, Long> most = new LinkedHashMap<>();
      request.find("exactly").ifPresent(exactly -> count(exactly, most));
      request.items("firstAvailable").forEach(alternative -> count(alternative, most));
      most.forEach((name, count) -> used.merge(name + DEVICES, Quantity.of(count), Quantity::plus));
    }
  }

  private static void count(Obj request, Map<String, Long> most) {
    boolean all = request.text("allocationMode").equals("All");
    long count = all ? MOST_DEVICES : request.number("count", 1);
    most.merge(request.text("deviceClassName"), count, Math::max);
  }
}
