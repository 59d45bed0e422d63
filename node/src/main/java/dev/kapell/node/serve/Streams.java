package dev.kapell.node.serve;

import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.SandboxId;
import dev.kapell.host.runtime.StreamOptions;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.Query;
import dev.kapell.http.SpdyConnection;
import dev.kapell.http.Upstream;
import dev.kapell.http.Upstreams;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.plan.SandboxSeen;
import dev.kapell.node.pod.PodWorkers;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Exec, attach and port-forward: the runtime names an address, the connection is tunnelled there.
 */
final class Streams implements AutoCloseable {
  private final PodWorkers pods;
  private final ContainerRuntime runtime;
  private final Upstreams upstreams = new Upstreams("node-streams");

  Streams(PodWorkers pods, ContainerRuntime runtime) {
    this.pods = pods;
    this.runtime = runtime;
  }

  /** {@code /exec/NAMESPACE/POD/CONTAINER?command=…}. */
  void exec(Exchange exchange, List<String> path) throws IOException, InterruptedException {
    List<String> command = exchange.query().all("command");
    if (command.isEmpty()) {
      throw new HttpFailure(400, "you must specify at least one command for the container");
    }
    StreamOptions options = options(exchange.query());
    session(exchange, runtime.execUrl(container(path), command, options), options);
  }

  /** {@code /attach/NAMESPACE/POD/CONTAINER}. */
  void attach(Exchange exchange, List<String> path) throws IOException, InterruptedException {
    StreamOptions options = options(exchange.query());
    session(exchange, runtime.attachUrl(container(path), options), options);
  }

  /** {@code /portForward/NAMESPACE/POD}. */
  void portForward(Exchange exchange, List<String> path) throws IOException {
    SandboxSeen sandbox =
        pod(path).sandboxes().stream()
            .filter(SandboxSeen::ready)
            .findFirst()
            .orElseThrow(() -> new HttpFailure(400, "pod " + path.get(2) + " is not running"));
    List<Integer> ports =
        exchange.query().all("port").stream()
            .filter(p -> p.matches("\\d{1,5}"))
            .map(Integer::valueOf)
            .toList();
    URI to = runtime.portForwardUrl(new SandboxId(sandbox.id()), ports);
    boolean webSocket =
        exchange.headers().first("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
    if (webSocket && !ports.isEmpty() && to.getRawQuery() == null) {
      String query = String.join("&", ports.stream().map(p -> "port=" + p).toList());
      to = URI.create(to + "?" + query);
    }
    relay(exchange, to);
  }

  private PodWorkers.Running pod(List<String> path) throws HttpFailure {
    if (path.size() < 3) {
      throw new HttpFailure(404, "the path needs a namespace and a pod");
    }
    return pods.find(path.get(1), path.get(2))
        .orElseThrow(() -> new HttpFailure(404, "pod \"" + path.get(2) + "\" not found"));
  }

  private ContainerId container(List<String> path) throws HttpFailure {
    if (path.size() < 4) {
      throw new HttpFailure(404, "the path needs a namespace, a pod and a container");
    }
    String name = path.getLast();
    Optional<ContainerSeen> container =
        pod(path).container(name, false).filter(c -> c.state() == ContainerSeen.State.RUNNING);
    return container
        .map(c -> new ContainerId(c.id()))
        .orElseThrow(
            () -> new HttpFailure(404, "container not found (\"" + name + "\"), or not running"));
  }

  /** The kubelet's names of the flags, and the API's. */
  private static StreamOptions options(Query query) {
    boolean tty = query.flag("tty");
    boolean stdin = query.flag("input") || query.flag("stdin");
    boolean stdout = query.flag("output") || query.flag("stdout");
    boolean stderr = (query.flag("error") || query.flag("stderr")) && !tty;
    return new StreamOptions(stdin, stdout || (!stdin && !stderr), stderr, tty);
  }

  private void session(Exchange exchange, URI to, StreamOptions options)
      throws IOException, InterruptedException {
    if (ChannelSession.isWanted(exchange)) {
      SpdyConnection streams =
          upstreams.streams(upstream(to), target(to), ChannelSession.request());
      exchange.onEnd(streams::close);
      ChannelSession.serve(exchange, streams, options);
    } else {
      relay(exchange, to);
    }
  }

  private void relay(Exchange exchange, URI to) throws IOException {
    upstreams.relay(exchange, upstream(to), target(to), Headers.NONE);
  }

  private static Upstream upstream(URI to) {
    return new Upstream(to.getHost(), to.getPort(), Optional.empty());
  }

  private static String target(URI to) {
    return to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery());
  }

  @Override
  public void close() {
    upstreams.close();
  }
}
