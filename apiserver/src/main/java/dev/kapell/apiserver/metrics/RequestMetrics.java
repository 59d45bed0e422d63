package dev.kapell.apiserver.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Requests under the names that kube-apiserver's dashboards and alerts know. Thread-safe. */
public final class RequestMetrics {
  private static final double[] SECONDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30,
    45, 60
  };
  private static final double[] EVENT_BYTES = {1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072};
  private static final String[] TIMED = {
    "verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component"
  };
  private static final String[] LABELS = and(TIMED, "code");

  private static final String[] LASTING = {
    "verb", "group", "version", "resource", "subresource", "scope", "component"
  };
  private static final String[] RESOURCE = {"group", "version", "resource"};

  private final Counter total;
  private final Histogram duration;
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicInteger writing = new AtomicInteger();
  private final Series<LongAdder> lasting = new Series<>(LASTING.length, LongAdder::new);
  private final Counter events;
  private final Histogram sizes;

  /**
   * What a request was. Only what is served has names here: a client must not be able to make
   * series.
   *
   * @param verb in capitals, for instance {@code LIST}, {@code POST}, {@code APPLY}
   * @param resource the plural; empty for other paths
   * @param scope {@code cluster}, {@code namespace}, {@code resource}, or empty
   */
  public record Labels(
      String verb,
      boolean dryRun,
      String group,
      String version,
      String resource,
      String subresource,
      String scope) {
    /** Of a request that names no resource. */
    public static Labels path(String method) {
      String verb =
          switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
          };
      return new Labels(verb, false, "", "", "", "", "");
    }
  }

  /** Registers with {@code meters}. */
  public RequestMetrics(Meters meters) {
    total =
        meters.counter(
            "apiserver_request_total",
            "Requests answered, by verb, resource and HTTP response code.",
            LABELS);
    duration =
        meters.histogram(
            "apiserver_request_duration_seconds",
            "Seconds until a request was answered; of a watch, until it began.",
            SECONDS,
            TIMED);
    meters.gauge(
        "apiserver_current_inflight_requests",
        "Requests that are being handled.",
        List.of("request_kind"),
        values -> {
          values.add(reading.get(), "readOnly");
          values.add(writing.get(), "mutating");
        });
    meters.gauge(
        "apiserver_longrunning_requests",
        "Requests that go on for as long as the client likes: watches, logs, conversations.",
        List.of(LASTING),
        values ->
            lasting.each(
                (labels, count) ->
                    values.add((double) count.sum(), labels.toArray(String[]::new))));
    events = meters.counter("apiserver_watch_events_total", "Events sent to watchers.", RESOURCE);
    sizes =
        meters.histogram(
            "apiserver_watch_events_sizes",
            "Bytes of an event to a watcher.",
            EVENT_BYTES,
            RESOURCE);
  }

  /** A request is being handled. */
  public void began(boolean writes) {
    (writes ? writing : reading).incrementAndGet();
  }

  /** It is no more. */
  public void ended(boolean writes) {
    (writes ? writing : reading).decrementAndGet();
  }

  /** A request was answered with {@code code} after {@code span}. */
  public void answered(Labels labels, int code, Duration span) {
    String[] timed = {
      labels.verb(),
      labels.dryRun() ? "All" : "",
      labels.group(),
      labels.version(),
      labels.resource(),
      labels.subresource(),
      labels.scope(),
      "apiserver"
    };
    total.increment(and(timed, Integer.toString(code)));
    duration.observe(span.toNanos() / 1e9, timed);
  }

  private static String[] and(String[] values, String last) {
    String[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = last;
    return all;
  }

  /** A request that lasts began; the count is to be lowered when it ends. */
  public LongAdder lasting(Labels labels) {
    LongAdder count =
        lasting.get(
            List.of(
                labels.verb(),
                labels.group(),
                labels.version(),
                labels.resource(),
                labels.subresource(),
                labels.scope(),
                "apiserver"));
    count.increment();
    return count;
  }

  /** What is sent to watchers of one resource. Thread-safe. */
  public static final class Watched {
    private final LongAdder events;
    private final Histogram.Member sizes;

    private Watched(LongAdder events, Histogram.Member sizes) {
      this.events = events;
      this.sizes = sizes;
    }

    /** An event of so many bytes was sent. */
    public void sent(int bytes) {
      events.increment();
      sizes.observe(bytes);
    }
  }

  /** Of a resource. */
  public Watched watched(String group, String version, String resource) {
    return new Watched(events.of(group, version, resource), sizes.of(group, version, resource));
  }
}
