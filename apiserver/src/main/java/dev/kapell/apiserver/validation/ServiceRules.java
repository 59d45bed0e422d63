package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Services and their endpoints. */
public final class ServiceRules {
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  private static final String HEALTH_PORT = "healthCheckNodePort";
  private static final String IPV4 = "((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}";

  private ServiceRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules service = ServiceRules::service;
    rows.put("services", service.onChange(ServiceRules::change));
    rows.put("endpoints", ServiceRules::endpoints);
    rows.put("endpointslices.discovery.k8s.io", ServiceRules::slice);
  }

  private static void service(Obj service, Errors errors) {
    Obj spec = service.child("spec");
    errors.oneOf(spec, "type", List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));
    errors.oneOf(spec, "sessionAffinity", List.of("ClientIP", "None"));
    errors.oneOf(spec, "externalTrafficPolicy", List.of("Cluster", "Local"));
    errors.oneOf(spec, "internalTrafficPolicy", List.of("Cluster", "Local"));
    errors.labels(spec, "selector");
    boolean headless = spec.text("clusterIP").equals("None");
    boolean external = spec.text("type").equals("ExternalName");
    if (external) {
      if (errors.require(spec, "externalName")) {
        errors.format(spec, "externalName", Format.SUBDOMAIN);
      }
    } else if (!headless && spec.values("ports").isEmpty()) {
      errors.add(FieldError.required("spec.ports", ""));
    }
    if (headless
        && (spec.text("type").equals("NodePort") || spec.text("type").equals("LoadBalancer"))) {
      errors.invalid(
          "spec.clusterIPs[0]",
          "None",
          "may not be set to 'None' for " + spec.text("type") + " services");
    }
    String address = spec.text("clusterIP");
    if (!address.isEmpty() && !headless && !address.matches(IPV4)) {
      errors.invalid(
          "spec.clusterIPs[0]",
          address,
          "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
    List<String> addresses = spec.texts("clusterIPs");
    if (!addresses.isEmpty() && !addresses.getFirst().equals(address)) {
      errors.invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`");
    }
    if (addresses.size() > 1) {
      errors.invalid(
          "spec.clusterIPs",
          addresses,
          "may only hold up to 1 values: this cluster is not configured for dual-stack services");
    }
    int sixth = spec.texts("ipFamilies").indexOf("IPv6");
    if (sixth >= 0) {
      errors.invalid(
          spec.at("ipFamilies", sixth),
          "IPv6",
          "not configured on this cluster: it has IPv4 addresses only");
    }
    if (spec.text("ipFamilyPolicy").equals("RequireDualStack")) {
      errors.invalid(
          "spec.ipFamilyPolicy",
          "RequireDualStack",
          "this cluster is not configured for dual-stack services");
    }
    long healthPort = spec.number(HEALTH_PORT, 0);
    if (healthPort != 0 && !publishesHealth(spec)) {
      errors.invalid(
          spec.at(HEALTH_PORT),
          healthPort,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    }
    ports(spec, errors);
  }

  /** Whether nodes tell load balancers which of them have pods of a service with {@code spec}. */
  public static boolean publishesHealth(Obj spec) {
    return spec.text("type").equals("LoadBalancer")
        && spec.text("externalTrafficPolicy").equals("Local");
  }

  private static void ports(Obj spec, Errors errors) {
    List<Obj> ports = spec.items("ports");
    errors.unique(spec, "ports", "name");
    Set<String> seen = new HashSet<>();
    Set<String> onNodes = new HashSet<>();
    for (Obj port : ports) {
      long onNode = port.number("nodePort", 0);
      if (onNode != 0 && !onNodes.add(port.text("protocol") + "/" + onNode)) {
        errors.add(FieldError.duplicate(port.at("nodePort"), onNode));
      }
      if (ports.size() > 1) {
        errors.require(port, "name");
      }
      if (!port.text("name").isEmpty()) {
        errors.format(port, "name", Format.LABEL);
      }
      if (errors.require(port, "port")) {
        errors.port(port, "port");
      }
      errors.oneOf(port, "protocol", PROTOCOLS);
      if (port.has("targetPort")) {
        errors.portOrName(port, "targetPort");
      }
      if (!seen.add(port.text("protocol") + "/" + port.number("port", 0))) {
        errors.add(FieldError.duplicate(port.path(), port.map()));
      }
      if (port.number("nodePort", 0) != 0 && spec.text("type").equals("ClusterIP")) {
        errors.add(
            FieldError.forbidden(
                port.at("nodePort"), "may not be used when `type` is 'ClusterIP'"));
      }
    }
  }

  private static void change(Obj service, Obj old, Errors errors) {
    Obj spec = service.child("spec");
    Obj before = old.child("spec");
    boolean kept =
        !spec.text("type").equals("ExternalName") && !before.text("type").equals("ExternalName");
    if (kept
        && spec.has("clusterIP")
        && before.has("clusterIP")
        && !spec.text("clusterIP").equals(before.text("clusterIP"))) {
      errors.invalid(
          "spec.clusterIPs[0]", List.of(spec.text("clusterIP")), "may not change once set");
    }
    boolean balanced =
        spec.text("type").equals("LoadBalancer") && before.text("type").equals("LoadBalancer");
    if (balanced && !spec.text("loadBalancerClass").equals(before.text("loadBalancerClass"))) {
      errors.invalid(
          spec.at("loadBalancerClass"), spec.get("loadBalancerClass"), "may not change once set");
    }
    if (publishesHealth(spec)
        && publishesHealth(before)
        && spec.number(HEALTH_PORT, 0) != before.number(HEALTH_PORT, 0)) {
      errors.add(FieldError.forbidden(spec.at(HEALTH_PORT), "field is immutable"));
    }
  }

  private static void endpoints(Obj endpoints, Errors errors) {
    for (Obj subset : endpoints.items("subsets")) {
      if (subset.values("addresses").isEmpty() && subset.values("notReadyAddresses").isEmpty()) {
        errors.add(
            FieldError.required(subset.path(), "must specify `addresses` or `notReadyAddresses`"));
      }
      for (Obj port : subset.items("ports")) {
        errors.port(port, "port");
        errors.oneOf(port, "protocol", PROTOCOLS);
        if (subset.items("ports").size() > 1) {
          errors.require(port, "name");
        }
      }
    }
  }

  private static void slice(Obj slice, Errors errors) {
    errors.requireOneOf(slice, "addressType", List.of("FQDN", "IPv4", "IPv6"));
    slice.items("ports").forEach(port -> errors.oneOf(port, "protocol", PROTOCOLS));
  }
}
