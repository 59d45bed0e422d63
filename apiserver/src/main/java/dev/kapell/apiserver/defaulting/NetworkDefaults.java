package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/** Services, endpoints and network policies. */
final class NetworkDefaults {
  private static final long AFFINITY_SECONDS = 10_800;

  private NetworkDefaults() {}

  static void service(Obj service) {
    Obj spec = service.make("spec");
    spec.fill("type", "ClusterIP").fill("sessionAffinity", "None");
    if (spec.text("sessionAffinity").equals("ClientIP")) {
      spec.make("sessionAffinityConfig").make("clientIP").fill("timeoutSeconds", AFFINITY_SECONDS);
    } else {
      spec.drop("sessionAffinityConfig");
    }
    for (Obj port : spec.items("ports")) {
      port.fill("protocol", "TCP");
      if (port.has("port")) {
        port.fill("targetPort", port.number("port", 0));
      }
    }
    switch (spec.text("type")) {
      case "ExternalName" -> {}
      case "NodePort" -> spec.fill("externalTrafficPolicy", "Cluster");
      case "LoadBalancer" ->
          spec.fill("externalTrafficPolicy", "Cluster").fill("allocateLoadBalancerNodePorts", true);
      default -> {
        if (!spec.values("externalIPs").isEmpty()) {
          spec.fill("externalTrafficPolicy", "Cluster");
        }
      }
    }
    if (!spec.text("type").equals("ExternalName")) {
      spec.fill("internalTrafficPolicy", "Cluster");
    }
    service.make("status").make("loadBalancer");
  }

  static void ingressClass(Obj ingressClass) {
    ingressClass
        .child("spec")
        .find("parameters")
        .ifPresent(parameters -> parameters.fill("scope", "Cluster"));
  }

  static void endpoints(Obj endpoints) {
    for (Obj subset : endpoints.items("subsets")) {
      subset.items("ports").forEach(port -> port.fill("protocol", "TCP"));
    }
  }

  static void endpointSlice(Obj slice) {
    slice.items("ports").forEach(port -> port.fill("name", "").fill("protocol", "TCP"));
  }

  static void networkPolicy(Obj policy) {
    Obj spec = policy.make("spec");
    spec.make("podSelector");
    for (String direction : List.of("ingress", "egress")) {
      for (Obj rule : spec.items(direction)) {
        rule.items("ports").forEach(port -> port.fill("protocol", "TCP"));
      }
    }
    if (spec.values("policyTypes").isEmpty()) {
      List<Object> types = new ArrayList<>(List.of("Ingress"));
      if (!spec.values("egress").isEmpty()) {
        types.add("Egress");
      }
      spec.put("policyTypes", types);
    }
  }
}
