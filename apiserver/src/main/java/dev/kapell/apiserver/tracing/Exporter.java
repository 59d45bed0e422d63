package dev.kapell.apiserver.tracing;

import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.http.Headers;
import dev.kapell.http.Reply;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Posts ended spans to the collector, a few seconds' worth at a time, on a thread of its own. What
 * does not fit the queue, and what the collector does not take, is lost and counted: traces never
 * slow requests. Thread-safe.
 */
final class Exporter implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final int MOST_WAITING = 2048;
  private static final int MOST_AT_A_TIME = 512;
  private static final int MOST_ANSWER_BYTES = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration FAREWELL = Duration.ofSeconds(3);
  private static final Headers HEADERS =
      Headers.of("Content-Type", "application/json").and("User-Agent", "kapell");

  private final Upstream collector;
  private final String target;
  private final Clock clock;
  private final BlockingQueue<Span.Finished> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongAdder lost = new LongAdder();
  private final Upstreams upstreams = new Upstreams("traces");
  private final TaskScope scope;

  /** Owned by the sending thread, and by who closes once that has ended. */
  private boolean failing;

  Exporter(URI url, Clock clock) {
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    this.collector =
        new Upstream(
            url.getHost(),
            port,
            secure ? Optional.of(new TlsIdentity("", "", Optional.empty())) : Optional.empty());
    this.target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    this.clock = clock;
    this.scope =
        new TaskScope("traces", (task, cause) -> LOG.log(Level.ERROR, task + " failed", cause));
    scope.start("export", this::run);
  }

  void add(Span.Finished span) {
    if (!waiting.offer(span)) {
      lost.increment();
    }
  }

  long lost() {
    return lost.sum();
  }

  private void run() throws InterruptedException {
    while (!scope.isClosed()) {
      List<Span.Finished> batch = new ArrayList<>();
      batch.add(waiting.take());
      try {
        clock.sleep(PAUSE); // for company
      } finally {
        waiting.drainTo(batch, MOST_AT_A_TIME - 1);
        send(batch, scope.isClosed() ? FAREWELL : PATIENCE);
      }
    }
  }

  private void send(List<Span.Finished> batch, Duration limit) {
    try {
      Upstreams.Call call = new Upstreams.Call("POST", target, HEADERS, OtlpJson.request(batch));
      Reply reply = upstreams.call(collector, call, MOST_ANSWER_BYTES, limit);
      if (reply.status() / 100 != 2) {
        throw new IOException("it answered " + reply.status());
      }
      if (failing) {
        failing = false;
        LOG.log(Level.INFO, "traces are sent again collector={0}", collector.authority());
      }
    } catch (IOException e) {
      lost.add(batch.size());
      if (!failing) {
        failing = true;
        LOG.log(
            Level.WARNING,
            "traces cannot be sent and are lost collector=" + collector.authority(),
            e);
      }
    }
  }

  @Override
  public void close() {
    scope.close();
    List<Span.Finished> last = new ArrayList<>();
    waiting.drainTo(last, MOST_AT_A_TIME);
    if (!last.isEmpty()) {
      send(last, FAREWELL);
    }
    lost.add(waiting.size());
    upstreams.close();
  }
}
