package dev.kapell.apiserver.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Every request that was answered, by verb, resource and code. */
public final class RequestMetrics {
  private static final double[] BUCKETS_SECONDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2, 3, 5, 10, 30, 60
  };

  /**
   * What a request was.
   *
   * @param verb in capitals, for instance {@code LIST}
   * @param resource the plural; empty for other paths
   */
  public record Labels(
      String verb, String group, String version, String resource, String subresource) {
    String text() {
      return "verb=\"%s\",group=\"%s\",version=\"%s\",resource=\"%s\",subresource=\"%s\""
          .formatted(verb, group, version, resource, subresource);
    }
  }

  private record Counted(Labels labels, int code) {}

  private static final class Times {
    final LongAdder[] buckets = new LongAdder[BUCKETS_SECONDS.length];
    final LongAdder count = new LongAdder();
    final LongAdder nanos = new LongAdder();

    Times() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }

    void add(Duration span) {
      double seconds = span.toNanos() / 1e9;
      for (int i = 0; i < buckets.length; i++) {
        if (seconds <= BUCKETS_SECONDS[i]) {
          buckets[i].increment();
        }
      }
      count.increment();
      nanos.add(span.toNanos());
    }
  }

  private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<Labels, Times> times = new ConcurrentHashMap<>();
  private final LongAdder watches = new LongAdder();

  /** A request was answered with {@code code} after {@code span}. */
  public void answered(Labels labels, int code, Duration span) {
    counts.computeIfAbsent(new Counted(labels, code), _ -> new LongAdder()).increment();
    times.computeIfAbsent(labels, _ -> new Times()).add(span);
  }

  /** A watch began. */
  public void watchBegan() {
    watches.increment();
  }

  /** A watch ended. */
  public void watchEnded() {
    watches.decrement();
  }

  /** Everything in Prometheus' text form. */
  public void write(StringBuilder out) {
    head(
        out,
        "apiserver_request_total",
        "counter",
        "Requests answered, by verb, resource and code.");
    Map<String, Long> lines = new TreeMap<>();
    counts.forEach(
        (counted, count) ->
            lines.put(
                "apiserver_request_total{code=\"%d\",%s}"
                    .formatted(counted.code(), counted.labels().text()),
                count.sum()));
    lines.forEach((name, value) -> out.append(name).append(' ').append(value).append('\n'));
    head(
        out,
        "apiserver_request_duration_seconds",
        "histogram",
        "Seconds until a request was answered.");
    times.forEach((labels, spans) -> write(out, labels.text(), spans));
    head(out, "apiserver_longrunning_requests", "gauge", "Watches that are open.");
    out.append("apiserver_longrunning_requests{verb=\"WATCH\"} ")
        .append(watches.sum())
        .append('\n');
  }

  private static void write(StringBuilder out, String labels, Times spans) {
    String name = "apiserver_request_duration_seconds";
    for (int i = 0; i < BUCKETS_SECONDS.length; i++) {
      out.append(
          "%s_bucket{%s,le=\"%s\"} %d%n"
              .formatted(name, labels, BUCKETS_SECONDS[i], spans.buckets[i].sum()));
    }
    out.append("%s_bucket{%s,le=\"+Inf\"} %d%n".formatted(name, labels, spans.count.sum()));
    out.append(
        String.format(Locale.ROOT, "%s_sum{%s} %.6f%n", name, labels, spans.nanos.sum() / 1e9));
    out.append("%s_count{%s} %d%n".formatted(name, labels, spans.count.sum()));
  }

  /** The lines that introduce a metric. */
  public static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
