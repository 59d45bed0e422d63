package dev.kapell.node.serve;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import dev.kapell.http.TlsIdentity;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.stats.Summary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's API (reference: the kubelet's), for clients whose certificate the cluster has signed.
 */
public final class AgentServer implements AutoCloseable {
  private final PodWorkers pods;
  private final Summary summary;
  private final ContainerLogs logs;
  private final Streams streams;
  private final boolean guarded;
  private final HttpServer server;

  /**
   * What it serves from.
   *
   * @param tls absent for a plain server on loopback, in tests
   */
  public record Parts(
      PodWorkers pods,
      ContainerRuntime runtime,
      Summary summary,
      Clock clock,
      Optional<TlsIdentity> tls) {}

  /** Listens and serves until closed; {@link IOException} when the port is taken. */
  public AgentServer(String host, int port, Parts parts) throws IOException {
    this.pods = parts.pods();
    this.summary = parts.summary();
    this.logs = new ContainerLogs(parts.pods(), parts.runtime(), parts.clock());
    this.streams = new Streams(parts.pods(), parts.runtime());
    this.guarded = parts.tls().isPresent();
    ServerOptions plain = ServerOptions.at(host, port);
    this.server =
        HttpServer.start("node-api", parts.tls().map(plain::with).orElse(plain), this::handle);
  }

  /** Shows {@code identity} on connections that begin from now on. */
  public void show(TlsIdentity identity) throws IOException {
    server.show(identity);
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  private void handle(Exchange exchange) throws Exception {
    List<String> path =
        Arrays.stream(exchange.path().split("/")).filter(s -> !s.isEmpty()).toList();
    String first = path.isEmpty() ? "" : path.getFirst();
    if (first.equals("healthz")) {
      text(exchange, 200, "ok");
      return;
    }
    if (guarded && !Callers.allowed(exchange.peerCertificates())) {
      boolean nobody = exchange.peerCertificates().isEmpty();
      text(
          exchange,
          nobody ? 401 : 403,
          nobody ? "Unauthorized" : "Forbidden: this certificate may not use the node's API");
      return;
    }
    try {
      route(exchange, first, path);
    } catch (RuntimeFailure e) {
      boolean missing = e.is(RuntimeFailure.Kind.NOT_FOUND);
      throw new HttpFailure(missing ? 404 : 500, String.valueOf(e.getMessage()));
    }
  }

  private void route(Exchange exchange, String first, List<String> path) throws Exception {
    switch (first) {
      case "containerLogs" -> logs.serve(exchange, path);
      case "exec" -> streams.exec(exchange, path);
      case "attach" -> streams.attach(exchange, path);
      case "portForward" -> streams.portForward(exchange, path);
      case "pods", "runningpods" -> json(exchange, podList());
      case "stats" -> json(exchange, summary.tree());
      case "metrics" -> text(exchange, 200, summary.metrics());
      default -> text(exchange, 404, "404 page not found");
    }
  }

  private Map<String, Object> podList() {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "PodList");
    list.put("apiVersion", "v1");
    list.put("metadata", Map.of());
    list.put("items", pods.all().stream().map(p -> JsonCodec.toTree(Pod.CODEC, p.pod())).toList());
    return list;
  }

  private static void json(Exchange exchange, Map<String, Object> tree) {
    exchange.respond(200, Headers.contentType("application/json"), JsonCodec.writeTree(tree));
  }

  static void text(Exchange exchange, int status, String text) {
    exchange.respond(
        status,
        Headers.contentType("text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
    streams.close();
  }
}
