package dev.kapell.apiserver.remote;

import dev.kapell.apiserver.admission.Lookup;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds an endpoint that stands behind a service. Thread-safe. */
public final class ServiceEndpoints {
  private final Lookup lookup;
  private final Randomness randomness;

  /** Reads EndpointSlices through {@code lookup}. */
  public ServiceEndpoints(Lookup lookup, Randomness randomness) {
    this.lookup = lookup;
    this.randomness = randomness;
  }

  /** The service itself; throws 404. */
  public Obj service(String namespace, String name) {
    return lookup
        .find("services", namespace + "/" + name)
        .orElseThrow(() -> Failures.notFound("", "services", name));
  }

  /**
   * One ready endpoint of {@code service}. Throws 503 when there is none.
   *
   * @param port the service's port, by name or number; empty: its only one
   * @param tls how to speak to it
   */
  public Upstream pick(Obj service, String port, Optional<TlsIdentity> tls) {
    String namespace = service.child("metadata").text("namespace");
    String name = service.child("metadata").text("name");
    Obj servicePort = port(service, port);
    if (service.child("spec").text("type").equals("ExternalName")) {
      return new Upstream(
          service.child("spec").text("externalName"), (int) servicePort.number("port", 0), tls);
    }
    List<Upstream> ready = new ArrayList<>();
    for (Obj slice : lookup.list("discovery.k8s.io/endpointslices", namespace)) {
      if (name.equals(
          slice.child("metadata").strings("labels").get("kubernetes.io/service-name"))) {
        collect(slice, servicePort.text("name"), tls, ready);
      }
    }
    if (ready.isEmpty()) {
      throw Failures.unavailable("no endpoints available for service \"" + name + "\"");
    }
    return ready.get(randomness.nextInt(ready.size()));
  }

  /** The port of the service that {@code port} means: its name, its number, or the first one. */
  private static Obj port(Obj service, String port) {
    for (Obj each : service.child("spec").items("ports")) {
      if (port.isEmpty()
          || each.text("name").equals(port)
          || Long.toString(each.number("port", 0)).equals(port)) {
        return each;
      }
    }
    throw Failures.unavailable(
        "no service port \""
            + port
            + "\" found for service \""
            + service.child("metadata").text("name")
            + "\"");
  }

  private static void collect(
      Obj slice, String portName, Optional<TlsIdentity> tls, List<Upstream> into) {
    for (Obj port : slice.items("ports")) {
      if (!port.text("name").equals(portName)) {
        continue;
      }
      for (Obj endpoint : slice.items("endpoints")) {
        boolean ready =
            !endpoint.child("conditions").has("ready")
                || endpoint.child("conditions").flag("ready");
        if (ready) {
          for (String address : endpoint.texts("addresses")) {
            into.add(new Upstream(address, (int) port.number("port", 0), tls));
          }
        }
      }
    }
  }
}
