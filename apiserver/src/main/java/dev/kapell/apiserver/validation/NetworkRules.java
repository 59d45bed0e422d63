package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;

/** Ingresses and network policies. */
final class NetworkRules {
  private NetworkRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("ingresses.networking.k8s.io", NetworkRules::ingress);
    rows.put("networkpolicies.networking.k8s.io", NetworkRules::policy);
    Rules ingressClass =
        (object, errors) -> {
          Obj parameters = object.child("spec").child("parameters");
          if (object.child("spec").has("parameters")) {
            errors.require(parameters, "kind");
            errors.require(parameters, "name");
          }
        };
    rows.put(
        "ingressclasses.networking.k8s.io",
        ingressClass.onChange(
            (next, old, errors) ->
                errors.immutable(next.child("spec"), old.child("spec"), "controller")));
  }

  private static void ingress(Obj ingress, Errors errors) {
    Obj spec = ingress.child("spec");
    if (spec.values("rules").isEmpty() && !spec.has("defaultBackend")) {
      errors.invalid("spec", spec.map(), "either `defaultBackend` or `rules` must be specified");
    }
    spec.find("defaultBackend").ifPresent(backend -> backend(backend, errors));
    for (Obj rule : spec.items("rules")) {
      for (Obj path : rule.child("http").items("paths")) {
        if (errors.require(path, "pathType")) {
          errors.oneOf(path, "pathType", List.of("Exact", "ImplementationSpecific", "Prefix"));
        }
        if (!path.text("pathType").equals("ImplementationSpecific")
            && !path.text("path").startsWith("/")) {
          errors.invalid(path.at("path"), path.text("path"), "must be an absolute path");
        }
        if (path.has("backend")) {
          backend(path.child("backend"), errors);
        } else {
          errors.add(FieldError.required(path.at("backend"), ""));
        }
      }
    }
  }

  private static void backend(Obj backend, Errors errors) {
    if (backend.has("service") == backend.has("resource")) {
      errors.invalid(
          backend.path(), "", "exactly one of `resource` or `service` must be specified");
      return;
    }
    backend
        .find("service")
        .ifPresent(
            service -> {
              errors.require(service, "name");
              Obj port = service.child("port");
              if (!port.has("name") && port.number("number", 0) == 0) {
                errors.add(FieldError.required(service.path(), "port name or number is required"));
              }
            });
  }

  private static void policy(Obj policy, Errors errors) {
    Obj spec = policy.child("spec");
    errors.selector(spec, "podSelector");
    for (String type : spec.texts("policyTypes")) {
      if (!type.equals("Ingress") && !type.equals("Egress")) {
        errors.add(FieldError.notSupported("spec.policyTypes", type, List.of("Egress", "Ingress")));
      }
    }
    for (Obj rule : spec.items("ingress")) {
      rule(rule, "from", errors);
    }
    for (Obj rule : spec.items("egress")) {
      rule(rule, "to", errors);
    }
  }

  private static void rule(Obj rule, String peers, Errors errors) {
    for (Obj peer : rule.items(peers)) {
      if (peer.map().isEmpty()) {
        errors.add(FieldError.required(peer.path(), "must specify a peer"));
      }
      if (peer.has("ipBlock") && (peer.has("podSelector") || peer.has("namespaceSelector"))) {
        errors.add(
            FieldError.forbidden(peer.path(), "may not specify both ipBlock and another peer"));
      }
      errors.selector(peer, "podSelector");
      errors.selector(peer, "namespaceSelector");
    }
    for (Obj port : rule.items("ports")) {
      errors.oneOf(port, "protocol", List.of("SCTP", "TCP", "UDP"));
      if (port.has("port")) {
        errors.portOrName(port, "port");
      }
    }
  }
}
