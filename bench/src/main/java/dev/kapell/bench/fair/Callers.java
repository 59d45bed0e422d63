package dev.kapell.bench.fair;

import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** One user's callers, each with a connection of its own, that ask again as soon as answered. */
final class Callers {
  private static final String MAPS = "/api/v1/namespaces/fair/configmaps";

  /** The service accounts of {@code kube-system} have a priority level of their own. */
  private static final String GROUP = "system:serviceaccounts:kube-system";

  private final SSLContext tls;
  private final int port;
  private final String user;
  private final AtomicLong numbers = new AtomicLong();

  /** No two have the same, so that no name is taken. */
  private final String run = Long.toHexString(Clock.system().nanoTime());

  /** So few have threads of the machine, which it wakes at once when an answer comes. */
  private static final int MOST_THREADS = 16;

  /** What they ask for. */
  enum Work {
    /** A ConfigMap of 1 KiB is created. */
    CREATE,
    /** One ConfigMap is read. */
    GET,
    /** All of a namespace are listed. */
    LIST
  }

  Callers(SSLContext tls, int port, String user) {
    this.tls = tls;
    this.port = port;
    this.user = user;
  }

  Sample sample(Work work) {
    String name =
        user.substring(user.lastIndexOf(':') + 1) + "-" + run + "-" + numbers.incrementAndGet();
    return switch (work) {
      case CREATE ->
          request(
              "POST",
              MAPS,
              "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"%s\"}}"
                  .formatted(name, "x".repeat(1000)));
      case GET -> request("GET", MAPS + "/read", "");
      case LIST -> request("GET", "/api/v1/namespaces/many/configmaps", "");
    };
  }

  private Sample request(String method, String path, String body) {
    return new Sample(
        method,
        path,
        List.of(
            "Content-Type: application/json",
            "Impersonate-User: " + user,
            "Impersonate-Group: system:authenticated",
            "Impersonate-Group: " + (user.startsWith("system:") ? GROUP : "people")),
        body.getBytes(StandardCharsets.UTF_8),
        false);
  }

  /** How long it goes on once all have had an answer. */
  @FunctionalInterface
  interface Span {
    /** Returns when it is over. */
    void pass() throws IOException, InterruptedException;
  }

  /** Runs {@code count} of them, which ask while {@code gate} is open. */
  Got run(Work work, int count, Gate gate, Span span) throws IOException, InterruptedException {
    CountDownLatch warm = new CountDownLatch(count);
    CountDownLatch over = new CountDownLatch(1);
    Queue<Got> spells = new ConcurrentLinkedQueue<>();
    Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    double seconds;
    try (TaskScope scope = new TaskScope(user, (_, cause) -> broken.add(cause))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        TaskScope.Task calls = () -> spells.add(call(work, gate, warm, over));
        threads.add(
            count <= MOST_THREADS
                ? scope.startPlatform("caller", calls)
                : scope.start("caller", calls));
      }
      warm.await();
      long began = Clock.system().nanoTime();
      span.pass();
      over.countDown();
      gate.open();
      seconds = (Clock.system().nanoTime() - began) / 1e9;
      for (Thread thread : threads) {
        thread.join();
      }
    }
    if (!broken.isEmpty()) {
      throw new IllegalStateException("a caller broke", broken.peek());
    }
    Got all = Got.of(spells);
    return new Got(all.nanos(), seconds, all.refused());
  }

  private Got call(Work work, Gate gate, CountDownLatch warm, CountDownLatch over)
      throws IOException, InterruptedException {
    Clock clock = Clock.system();
    List<Long> nanos = new ArrayList<>();
    long refused = 0;
    try (Wire wire = new Wire(tls, port)) {
      wire.send(sample(work));
      warm.countDown();
      warm.await();
      gate.pass();
      while (over.getCount() > 0) {
        long began = clock.nanoTime();
        if (wire.send(sample(work)).code() >= 300) {
          refused++;
        }
        nanos.add(clock.nanoTime() - began);
        gate.pass();
      }
    }
    return new Got(nanos.stream().mapToLong(Long::longValue).toArray(), 0, refused);
  }
}
