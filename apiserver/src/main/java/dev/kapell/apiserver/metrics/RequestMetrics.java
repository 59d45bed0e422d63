package dev.kapell.apiserver.metrics;

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
  private static final double[] OWN_SECONDS = {
    0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
  };
  private static final double[] ANSWER_BYTES = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  private static final double NANOS = 1e9;
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
  private final Histogram own;
  private final Histogram answers;
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
    own =
        meters.histogram(
            "apiserver_request_sli_duration_seconds",
            "Seconds until a request was answered, without its wait for a seat and webhooks.",
            OWN_SECONDS,
            LASTING);
    answers =
        meters.histogram(
            "apiserver_response_sizes", "Bytes of the answer to a read.", ANSWER_BYTES, LASTING);
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

  /**
   * What a request took.
   *
   * @param nanos until it was answered
   * @param elsewhere how much of that others took
   * @param bytes of its answer; negative when that goes on
   */
  public record Course(long nanos, long elsewhere, long bytes) {}

  /** A request was answered with {@code code}. */
  public void answered(Labels labels, int code, Course course) {
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
    duration.observe(course.nanos() / NANOS, timed);
    String[] plain = plain(labels);
    own.observe((course.nanos() - course.elsewhere()) / NANOS, plain);
    boolean read = labels.verb().equals("GET") || labels.verb().equals("LIST");
    if (read && course.bytes() >= 0) {
      answers.observe((double) course.bytes(), plain);
    }
  }

  private static String[] and(String[] values, String last) {
    String[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = last;
    return all;
  }

  private static String[] plain(Labels labels) {
    return new String[] {
      labels.verb(),
      labels.group(),
      labels.version(),
      labels.resource(),
      labels.subresource(),
      labels.scope(),
      "apiserver"
    };
  }

  /** A request that lasts began; the count is to be lowered when it ends. */
  public LongAdder lasting(Labels labels) {
    LongAdder count = lasting.get(List.of(plain(labels)));
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
