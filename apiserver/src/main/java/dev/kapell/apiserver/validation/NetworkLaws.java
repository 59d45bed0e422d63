package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Ingresses, network policies, endpoints and addresses. */
final class NetworkLaws {
  private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
  private static final List<String> BAD_IN_PATHS = List.of("//", "/./", "/../", "%2f", "%2F");

  /** As Kubernetes spells it in messages. */
  private static final String SOURCE_RANGES = "spec.LoadBalancerSourceRanges";

  private NetworkLaws() {}

  static void addTo(Laws laws) {
    laws.put("networking.v1.Ingress", NetworkLaws::ingress);
    laws.put("networking.v1.IngressSpec", NetworkLaws::ingressSpec);
    laws.put("networking.v1.IngressRule", NetworkLaws::ingressRule);
    laws.put("networking.v1.HTTPIngressPath", NetworkLaws::ingressPath);
    laws.put("networking.v1.IngressBackend", NetworkLaws::backend);
    laws.put("networking.v1.IngressTLS", NetworkLaws::tls);
    laws.put("networking.v1.IngressClassParametersReference", NetworkLaws::parameters);
    laws.put("networking.v1.NetworkPolicyPeer", NetworkLaws::peer);
    laws.put("networking.v1.NetworkPolicyPort", NetworkLaws::policyPort);
    laws.put("networking.v1.IPBlock", NetworkLaws::block);
    laws.put("networking.v1.IPAddress", NetworkLaws::address);
    laws.put("networking.v1.ServiceCIDRSpec", NetworkLaws::network);
    laws.put("discovery.v1.EndpointSlice", NetworkLaws::slice);
    laws.put("core.v1.Endpoints", NetworkLaws::endpoints);
    laws.put("core.v1.ServiceSpec", NetworkLaws::service);
  }

  private static void ingress(Obj ingress, Errors errors) {
    String annotated =
        ingress.child("metadata").strings("annotations").getOrDefault(CLASS_ANNOTATION, "");
    String named = ingress.child("spec").text("ingressClassName");
    if (!annotated.isEmpty() && !named.isEmpty() && !annotated.equals(named)) {
      errors.invalid(
          "metadata.annotations[" + CLASS_ANNOTATION + "]",
          annotated,
          "must match `ingressClassName` when both are specified");
    }
  }

  private static void ingressSpec(Obj spec, Errors errors) {
    if (spec.values("rules").isEmpty() && !spec.has("defaultBackend")) {
      errors.invalid(
          spec.path(), spec.map(), "either `defaultBackend` or `rules` must be specified");
    }
  }

  private static void ingressRule(Obj rule, Errors errors) {
    host(rule.at("host"), rule.text("host"), errors);
  }

  private static void host(String path, String host, Errors errors) {
    if (host.isEmpty()) {
      return;
    }
    if (Addresses.parse(host).isPresent()) {
      errors.invalid(path, host, "must be a DNS name, not an IP address");
    } else if (host.contains("*")) {
      boolean wild = host.startsWith("*.") && Format.SUBDOMAIN.problem(host.substring(2)).isEmpty();
      if (!wild) {
        errors.invalid(
            path,
            host,
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain,"
                + " which must consist of lower case alphanumeric characters, '-' or '.' and end"
                + " with an alphanumeric character (e.g. '*.example.com', regex used for validation"
                + " is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
      }
    } else {
      errors.format(path, host, Format.SUBDOMAIN);
    }
  }

  private static void ingressPath(Obj path, Errors errors) {
    String text = path.text("path");
    boolean own = path.text("pathType").equals("ImplementationSpecific");
    if (!text.startsWith("/") && !(own && text.isEmpty())) {
      errors.invalid(path.at("path"), text, "must be an absolute path");
    }
    if (own) {
      return;
    }
    for (String bad : BAD_IN_PATHS) {
      if (text.contains(bad)) {
        errors.invalid(path.at("path"), text, "must not contain '" + bad + "'");
      }
    }
    for (String end : List.of("/..", "/.")) {
      if (text.endsWith(end)) {
        errors.invalid(path.at("path"), text, "cannot end with '" + end + "'");
      }
    }
  }

  private static void backend(Obj backend, Errors errors) {
    boolean service = backend.has("service");
    boolean resource = backend.has("resource");
    if (service && resource) {
      errors.invalid(backend.path(), "", "cannot set both resource and service backends");
    } else if (!service && !resource) {
      errors.add(FieldError.required(backend.path(), "resource or service backend is required"));
    } else if (service) {
      backendPort(backend, errors);
    }
  }

  private static void backendPort(Obj backend, Errors errors) {
    Obj port = backend.child("service").child("port");
    boolean named = !port.text("name").isEmpty();
    boolean numbered = port.number("number", 0) != 0;
    if (named && numbered) {
      errors.invalid(backend.path(), "", "cannot set both port name & port number");
    } else if (!named && !numbered) {
      errors.add(FieldError.required(backend.path(), "port name or number is required"));
    }
  }

  private static void tls(Obj tls, Errors errors) {
    List<String> hosts = tls.texts("hosts");
    for (int i = 0; i < hosts.size(); i++) {
      host(tls.at("hosts", i), hosts.get(i), errors);
    }
    if (!tls.text("secretName").isEmpty()) {
      errors.format(tls, "secretName", Format.SUBDOMAIN);
    }
  }

  private static void parameters(Obj reference, Errors errors) {
    boolean inNamespace = reference.text("scope").equals("Namespace");
    if (inNamespace && reference.text("namespace").isEmpty()) {
      errors.add(
          FieldError.required(
              reference.at("namespace"), "`parameters.scope` is set to 'Namespace'"));
    } else if (!inNamespace && reference.has("namespace")) {
      errors.add(
          FieldError.forbidden(
              reference.at("namespace"), "`parameters.scope` is set to 'Cluster'"));
    }
  }

  private static void peer(Obj peer, Errors errors) {
    if (peer.map().isEmpty()) {
      errors.add(FieldError.required(peer.path(), "must specify a peer"));
    }
    if (peer.has("ipBlock") && (peer.has("podSelector") || peer.has("namespaceSelector"))) {
      errors.add(
          FieldError.forbidden(peer.path(), "may not specify both ipBlock and another peer"));
    }
  }

  private static void policyPort(Obj port, Errors errors) {
    if (!port.has("endPort")) {
      return;
    }
    long end = port.number("endPort", 0);
    if (!(port.get("port") instanceof Number start)) {
      if (port.has("port")) {
        errors.invalid(port.at("endPort"), end, "may not be specified when `port` is non-numeric");
      } else {
        errors.invalid(
            port.at("endPort"), end, "may not be specified when `port` is not specified");
      }
      return;
    }
    errors.port(port, "endPort");
    if (end < start.longValue()) {
      errors.invalid(port.at("endPort"), end, "must be greater than or equal to `port`");
    }
  }

  private static void block(Obj block, Errors errors) {
    Optional<Addresses.Network> whole = Addresses.network(block.text("cidr"));
    List<String> except = block.texts("except");
    for (int i = 0; i < except.size() && whole.isPresent(); i++) {
      Optional<Addresses.Network> hole = Addresses.network(except.get(i));
      if (hole.isPresent()
          && (hole.get().bits() <= whole.get().bits()
              || !whole.get().contains(hole.get().address()))) {
        errors.invalid(block.at("except", i), except.get(i), "must be a strict subset of `cidr`");
      }
    }
  }

  private static void address(Obj address, Errors errors) {
    String name = address.child("metadata").text("name");
    if (Addresses.parse(name).isEmpty()) {
      errors.invalid(
          "metadata.name", name, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
    if (!address.has("spec") || !address.child("spec").has("parentRef")) {
      errors.add(FieldError.required("spec.parentRef", ""));
    }
  }

  private static void network(Obj spec, Errors errors) {
    List<String> networks = spec.texts("cidrs");
    for (int i = 0; i < networks.size(); i++) {
      if (networks.get(i).contains(":")) {
        errors.invalid(
            spec.at("cidrs", i),
            networks.get(i),
            "not configured on this cluster: it has IPv4 addresses only");
      }
    }
    if (networks.size() > 1) {
      errors.invalid(
          spec.at("cidrs"), networks, "may only hold one network: this cluster has IPv4 only");
    }
  }

  /** The API server's own may be on the loopback, when it listens nowhere else. */
  private static boolean isOfTheServer(Obj object) {
    Obj metadata = object.child("metadata");
    return metadata.text("namespace").equals("default")
        && metadata.text("name").equals("kubernetes");
  }

  private static void endpoints(Obj endpoints, Errors errors) {
    if (isOfTheServer(endpoints)) {
      return;
    }
    for (Obj subset : endpoints.items("subsets")) {
      for (String list : List.of("addresses", "notReadyAddresses")) {
        for (Obj address : subset.items(list)) {
          endpointAddress(address.at("ip"), address.text("ip"), errors);
        }
      }
    }
  }

  private static void slice(Obj slice, Errors errors) {
    String type = slice.text("addressType");
    if (isOfTheServer(slice)) {
      return;
    }
    for (Obj endpoint : slice.items("endpoints")) {
      List<String> addresses = endpoint.texts("addresses");
      for (int i = 0; i < addresses.size(); i++) {
        if (!type.equals("FQDN")) {
          endpointAddress(endpoint.at("addresses", i), addresses.get(i), errors);
        } else {
          errors.format(endpoint.at("addresses", i), addresses.get(i), Format.SUBDOMAIN);
        }
      }
    }
  }

  private static void endpointAddress(String path, String text, Errors errors) {
    if (Addresses.parse(text).isEmpty()) {
      errors.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
      return;
    }
    InetAddress address = InetAddress.ofLiteral(text);
    if (address.isAnyLocalAddress()) {
      errors.invalid(path, text, "may not be unspecified (" + text + ")");
    } else if (address.isLoopbackAddress()) {
      errors.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    } else if (address.isLinkLocalAddress()) {
      errors.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    } else if (address.isMCLinkLocal()) {
      errors.invalid(
          path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
  }

  private static void service(Obj spec, Errors errors) {
    String type = spec.text("type");
    List<String> ranges = spec.texts("loadBalancerSourceRanges");
    for (int i = 0; i < ranges.size(); i++) {
      String problem = Addresses.cidrProblem(ranges.get(i).strip());
      if (!problem.isEmpty()) {
        errors.invalid(SOURCE_RANGES + "[" + i + "]", ranges.get(i), problem);
      }
    }
    if (type.equals("LoadBalancer")) {
      return;
    }
    errors.forbid(spec, "loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
    errors.forbid(
        spec, "allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
    if (!ranges.isEmpty()) {
      errors.add(
          FieldError.forbidden(SOURCE_RANGES, "may only be used when `type` is 'LoadBalancer'"));
    }
  }
}
