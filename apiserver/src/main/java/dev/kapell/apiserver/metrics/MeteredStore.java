package dev.kapell.apiserver.metrics;

import dev.kapell.base.Clock;
import dev.kapell.store.Commit;
import dev.kapell.store.ForwardingStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A store whose writes are measured and traced, under the names by which dashboards know those of
 * etcd. Thread-safe. Reads are answered from memory and not measured.
 */
public final class MeteredStore extends ForwardingStore {
  private static final double[] SECONDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30,
    45, 60
  };
  private static final int MOST_TABLES = 10_000;

  private final Clock clock;
  private final Histogram durations;
  private final Counter requests;
  private final Counter errors;
  private final Map<String, Map<String, Line>> lines =
      Map.of(
          "create", new ConcurrentHashMap<>(),
          "update", new ConcurrentHashMap<>(),
          "delete", new ConcurrentHashMap<>());

  /** One operation on one table. */
  private record Line(Histogram.Member seconds, LongAdder requests, LongAdder errors) {}

  /** Measures the writes of {@code store}, which stays the owner's to close. */
  public MeteredStore(Store store, Meters meters, Clock clock) {
    super(store);
    this.clock = clock;
    String[] labels = {"group", "operation", "resource"};
    this.durations =
        meters.histogram(
            "etcd_request_duration_seconds", "Seconds until a write was durable.", SECONDS, labels);
    this.requests = meters.counter("etcd_requests_total", "Writes to the store.", labels);
    this.errors =
        meters.counter("etcd_request_errors_total", "Writes that the store refused.", labels);
  }

  private Line line(Op op) {
    String operation =
        switch (op) {
          case Op.Put put -> put.expected() == Op.ABSENT ? "create" : "update";
          case Op.Delete _ -> "delete";
          case Op.Check _, Op.Follows _ -> "update";
        };
    Map<String, Line> known = lines.getOrDefault(operation, Map.of());
    String table = op.key().table();
    Line line = known.get(table);
    if (line != null) {
      return line;
    }
    int slash = table.indexOf('/');
    String group = slash < 0 ? "" : table.substring(0, slash);
    String resource = table.substring(slash + 1);
    Line fresh =
        new Line(
            durations.of(group, operation, resource),
            requests.of(group, operation, resource),
            errors.of(group, operation, resource));
    if (known.size() < MOST_TABLES) {
      known.put(table, fresh);
    }
    return fresh;
  }

  @Override
  public Commit write(List<Op> transaction) throws InterruptedException {
    if (transaction.isEmpty()) {
      return super.write(transaction);
    }
    Line line = line(transaction.getFirst());
    line.requests().increment();
    long began = clock.nanoTime();
    boolean written = false;
    try {
      Commit commit = super.write(transaction);
      written = true;
      return commit;
    } finally {
      line.seconds().observe((clock.nanoTime() - began) / 1e9);
      if (!written) {
        line.errors().increment();
      }
    }
  }

  @Override
  public CompletionStage<Commit> submit(List<Op> transaction) {
    if (transaction.isEmpty()) {
      return super.submit(transaction);
    }
    Line line = line(transaction.getFirst());
    line.requests().increment();
    long began = clock.nanoTime();
    return super.submit(transaction)
        .whenComplete(
            (commit, failure) -> {
              line.seconds().observe((clock.nanoTime() - began) / 1e9);
              if (failure != null) {
                line.errors().increment();
              }
            });
  }
}
