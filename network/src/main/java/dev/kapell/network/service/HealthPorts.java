package dev.kapell.network.service;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.client.ObjectKey;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Tells load balancers, at the {@code healthCheckNodePort} of each Service that keeps its traffic
 * on the node, whether there are pods of it on this node: 200 when there are, 503 when not. Follows
 * "Traffic to type: LoadBalancer Services" of the Kubernetes reference, and kube-proxy's answers.
 *
 * <p>Updated and closed by one thread; answers on any.
 */
public final class HealthPorts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.network");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 8 << 10;
  private static final int MOST_CONNECTIONS = 256;

  private final String nodeName;
  private final Map<Integer, Door> doors = new HashMap<>();
  private final Set<Integer> refused = new HashSet<>();

  /** A Service and how many ready endpoints it has on this node. */
  record Health(ObjectKey service, int endpoints) {}

  /** One port that is listened on. */
  private static final class Door {
    private volatile Health health;
    private final HttpServer server;

    Door(int port, Health health) throws IOException {
      this.health = health;
      this.server = HttpServer.start("service-health", options(port), this::answer);
    }

    private void answer(Exchange exchange) {
      Health now = health;
      Headers headers =
          Headers.contentType("application/json")
              .and("X-Content-Type-Options", "nosniff")
              .and("X-Load-Balancing-Endpoint-Weight", Integer.toString(now.endpoints()));
      exchange.respond(now.endpoints() > 0 ? 200 : 503, headers, body(now));
    }
  }

  /** Of the node with this name. Nothing is listened on before the first {@link #update}. */
  public HealthPorts(String nodeName) {
    this.nodeName = nodeName;
  }

  private static ServerOptions options(int port) {
    return new ServerOptions(
        "0.0.0.0",
        port,
        Optional.empty(),
        MOST_BYTES,
        MOST_BYTES,
        MOST_CONNECTIONS,
        1,
        PATIENCE,
        PATIENCE,
        PATIENCE,
        Duration.ZERO,
        1,
        Integer.MAX_VALUE);
  }

  private static byte[] body(Health health) {
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("namespace", health.service().namespace());
    service.put("name", health.service().name());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("service", service);
    body.put("localEndpoints", health.endpoints());
    body.put("serviceProxyHealthy", true);
    return JsonCodec.writeTree(body);
  }

  /**
   * Listens where these Services want it, and nowhere else. A port that somebody else has is tried
   * again at the next call.
   *
   * @param slices the EndpointSlices of a Service
   */
  public void update(
      Collection<Service> services, Function<ObjectKey, List<EndpointSlice>> slices) {
    Map<Integer, Health> wanted = decide(services, slices, nodeName);
    doors
        .entrySet()
        .removeIf(
            door -> {
              boolean gone = !wanted.containsKey(door.getKey());
              if (gone) {
                door.getValue().server.close();
              }
              return gone;
            });
    refused.retainAll(wanted.keySet());
    wanted.forEach(this::show);
  }

  private void show(int port, Health health) {
    Door door = doors.get(port);
    if (door != null) {
      door.health = health;
      return;
    }
    try {
      doors.put(port, new Door(port, health));
      refused.remove(port);
    } catch (IOException e) {
      if (refused.add(port)) {
        LOG.log(
            Level.WARNING,
            "service health not published service=" + health.service() + " port=" + port,
            e);
      }
    }
  }

  /** The ports to listen on, and what is to be told there. */
  static Map<Integer, Health> decide(
      Collection<Service> services,
      Function<ObjectKey, List<EndpointSlice>> slices,
      String nodeName) {
    Map<Integer, Health> wanted = new TreeMap<>();
    for (Service service : services) {
      ServiceSpec spec = service.spec();
      int port = spec.healthCheckNodePortOr(0);
      if (port != 0
          && spec.typeOr("").equals("LoadBalancer")
          && spec.externalTrafficPolicyOr("").equals("Local")) {
        ObjectKey key = ObjectKey.of(service);
        wanted.put(port, new Health(key, count(slices.apply(key), nodeName)));
      }
    }
    return wanted;
  }

  private static int count(List<EndpointSlice> slices, String nodeName) {
    Set<String> addresses = new HashSet<>();
    for (EndpointSlice slice : slices) {
      for (Endpoint endpoint : slice.endpoints()) {
        if (PortViews.isReady(endpoint) && endpoint.nodeNameOr("").equals(nodeName)) {
          addresses.addAll(endpoint.addresses());
        }
      }
    }
    return addresses.size();
  }

  @Override
  public void close() {
    doors.values().forEach(door -> door.server.close());
    doors.clear();
  }
}
