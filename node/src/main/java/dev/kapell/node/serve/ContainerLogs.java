package dev.kapell.node.serve;

import dev.kapell.base.Clock;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ContainerState;
import dev.kapell.host.runtime.ContainerStatus;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.Query;
import dev.kapell.node.log.LogQuery;
import dev.kapell.node.log.LogReader;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.pod.PodWorkers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code /containerLogs/NAMESPACE/POD/CONTAINER}. */
final class ContainerLogs {
  private final PodWorkers pods;
  private final ContainerRuntime runtime;
  private final Clock clock;

  ContainerLogs(PodWorkers pods, ContainerRuntime runtime, Clock clock) {
    this.pods = pods;
    this.runtime = runtime;
    this.clock = clock;
  }

  void serve(Exchange exchange, List<String> path) throws IOException, InterruptedException {
    if (path.size() != 4) {
      throw new HttpFailure(404, "use /containerLogs/NAMESPACE/POD/CONTAINER");
    }
    String name = path.get(3);
    boolean previous = exchange.query().flag("previous");
    LogQuery query = query(exchange.query());
    PodWorkers.Running pod =
        pods.find(path.get(1), path.get(2))
            .orElseThrow(() -> new HttpFailure(404, "pod \"" + path.get(2) + "\" not found"));
    ContainerSeen container =
        pod.container(name, previous).orElseThrow(() -> absent(pod, name, previous));
    ContainerId id = new ContainerId(container.id());
    Optional<ContainerStatus> status = runtime.containerStatus(id);
    Path file =
        status
            .map(s -> Path.of(s.logPath()))
            .filter(Files::exists)
            .orElseThrow(() -> absent(pod, name, previous));
    AtomicBoolean left = new AtomicBoolean();
    exchange.onEnd(() -> left.set(true));
    exchange.unhurried();
    if (exchange.query().flag("follow")) {
      exchange.lasts();
    }
    try (OutputStream out = exchange.stream(200, Headers.contentType("text/plain"))) {
      new LogReader(file, query, out, () -> !left.get() && running(id)).copy();
    }
  }

  private boolean running(ContainerId id) {
    return runtime.containerStatus(id).filter(s -> s.state() == ContainerState.RUNNING).isPresent();
  }

  private static HttpFailure absent(PodWorkers.Running pod, String name, boolean previous) {
    String podName = pod.pod().metadata().nameOr("");
    return previous
        ? new HttpFailure(
            400,
            "previous terminated container \"" + name + "\" in pod \"" + podName + "\" not found")
        : new HttpFailure(
            400,
            "container \""
                + name
                + "\" in pod \""
                + podName
                + "\" is waiting to start: ContainerCreating");
  }

  private LogQuery query(Query query) throws HttpFailure {
    Instant since = null;
    Long seconds = number(query, "sinceSeconds");
    if (seconds != null) {
      since = clock.now().minusSeconds(seconds);
    } else if (query.has("sinceTime")) {
      try {
        since = OffsetDateTime.parse(query.first("sinceTime")).toInstant();
      } catch (DateTimeParseException e) {
        throw new HttpFailure(400, "sinceTime is no RFC 3339 time: " + query.first("sinceTime"));
      }
    }
    String stream = query.first("stream").toLowerCase(Locale.ROOT);
    return new LogQuery(
        query.flag("follow"),
        query.flag("timestamps"),
        number(query, "tailLines"),
        since,
        number(query, "limitBytes"),
        stream.equals("all") ? "" : stream);
  }

  private static @Nullable Long number(Query query, String name) throws HttpFailure {
    String text = query.first(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new HttpFailure(400, name + " is no number: " + text);
    }
  }
}
