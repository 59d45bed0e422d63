package dev.kapell.apiserver.proxy;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Reader;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds an endpoint that stands behind a service. */
public final class ServiceEndpoints {
  private final Reader reader;
  private final Randomness randomness;

  /** Reads EndpointSlices through {@code reader}. */
  public ServiceEndpoints(Reader reader, Randomness randomness) {
    this.reader = reader;
    this.randomness = randomness;
  }

  /**
   * One ready endpoint of the service; its name may be {@code [SCHEME:]NAME[:PORT]}. Throws 503
   * when there is none.
   */
  Upstream pick(Target target, Obj service) {
    String[] parts = target.name().split(":", -1);
    String name = service.child("metadata").text("name");
    String port = parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : "";
    String portName = portName(service, port);
    List<Upstream> ready = new ArrayList<>();
    reader
        .list(
            Types.ENDPOINT_SLICE,
            ListQuery.in(target.namespace()).labels("kubernetes.io/service-name=" + name))
        .items()
        .forEach(
            slice ->
                collect(
                    Obj.root(Agents.tree(JsonCodec.encode(Types.ENDPOINT_SLICE.codec(), slice))),
                    portName,
                    ConnectProxy.tls(target.name()),
                    ready));
    if (ready.isEmpty()) {
      throw Failures.unavailable("no endpoints available for service \"" + target.name() + "\"");
    }
    return ready.get(randomness.nextInt(ready.size()));
  }

  /**
   * The name of the service's port that {@code port} means: its name, its number, or the only one.
   */
  private static String portName(Obj service, String port) {
    List<Obj> ports = service.child("spec").items("ports");
    for (Obj each : ports) {
      if (port.isEmpty()
          || each.text("name").equals(port)
          || Long.toString(each.number("port", 0)).equals(port)) {
        return each.text("name");
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
