package dev.kapell.controllers.autoscaling;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Pods;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads metrics from the pods themselves: {@code prometheus.io/port} says where, {@code
 * prometheus.io/path} which page. Of a counter the increase in a second counts, from the second
 * look on. Thread-safe; blocking.
 */
final class Scraper {
  private static final System.Logger LOG = System.getLogger("kapell.controllers");
  private static final String PORT = "prometheus.io/port";
  private static final String PATH = "prometheus.io/path";
  private static final String SCRAPE = "prometheus.io/scrape";
  private static final int AT_ONCE = 16;

  private final MetricsApi api;
  private final Clock clock;
  private final Cache<Pod> pods;
  private final Cache<Service> services;
  private final Counters counters = new Counters();

  Scraper(MetricsApi api, Clock clock, Caches caches) {
    this.api = api;
    this.clock = clock;
    this.pods = caches.of(Types.POD);
    this.services = caches.of(Types.SERVICE);
  }

  /** A metric of which the matching series count. */
  record Wanted(String metric, LabelQuery series) {}

  /**
   * What was found.
   *
   * @param samples by the pod's name
   * @param why there are none
   */
  record Found(Map<String, Sample> samples, String why) {
    static Found nothing(String why) {
      return new Found(Map.of(), why);
    }
  }

  /** The metric of a pod, or of each pod that a Service leads to. */
  Found behind(String kind, String namespace, String name, Wanted wanted)
      throws InterruptedException {
    ObjectKey key = new ObjectKey(namespace, name);
    return switch (kind) {
      case "Pod" ->
          pods.find(key).isEmpty()
              ? Found.nothing("the pod is not there")
              : each(pods.find(key).stream().toList(), wanted);
      case "Service" -> {
        Optional<Service> service = services.find(key);
        if (service.isEmpty() || service.get().spec().selector().isEmpty()) {
          yield Found.nothing("the service is not there, or selects no pods");
        }
        Map<String, String> selector = service.get().spec().selector();
        yield each(
            pods.in(namespace).stream()
                .filter(pod -> Selectors.includes(pod.metadata().labels(), selector))
                .toList(),
            wanted);
      }
      default ->
          Found.nothing(
              "no server registers custom.metrics.k8s.io here, and without one only Pods and"
                  + " Services are asked");
    };
  }

  /** The metric of each pod that runs and says where. */
  Found each(List<Pod> from, Wanted wanted) throws InterruptedException {
    List<Pod> asked =
        from.stream()
            .filter(pod -> Pods.isActive(pod) && Pods.phase(pod).equals("Running"))
            .filter(pod -> port(pod).isPresent() && pod.status().podIP() != null)
            .toList();
    if (asked.isEmpty()) {
      return Found.nothing(
          "no server registers custom.metrics.k8s.io here, and no running pod has the annotation "
              + PORT
              + " that says where to ask it");
    }
    Map<String, Sample> samples = new ConcurrentHashMap<>();
    List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int at = 0; at < asked.size(); at += AT_ONCE) {
      askAll(asked.subList(at, Math.min(asked.size(), at + AT_ONCE)), wanted, samples, failures);
    }
    String why =
        failures.isEmpty()
            ? "no running pod has the metric yet"
            : "no running pod has the metric: " + failures.getFirst();
    return new Found(samples, why);
  }

  private void askAll(
      List<Pod> some, Wanted wanted, Map<String, Sample> samples, List<String> failures)
      throws InterruptedException {
    TaskScope scope =
        new TaskScope(
            "scrape", (task, cause) -> LOG.log(System.Logger.Level.ERROR, "scrape broke", cause));
    try (scope) {
      List<Thread> threads =
          some.stream()
              .map(pod -> scope.start("ask", () -> ask(pod, wanted, samples, failures)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void ask(Pod pod, Wanted wanted, Map<String, Sample> samples, List<String> failures) {
    Map<String, String> annotations = pod.metadata().annotations();
    try {
      String text =
          api.scrape(
              pod.status().podIPOr(""),
              port(pod).orElseThrow(),
              annotations.getOrDefault(PATH, "/metrics"));
      PrometheusText found = PrometheusText.read(text, wanted.metric(), wanted.series());
      if (found.isThere()) {
        Instant now = clock.now();
        value(pod, wanted, found, now)
            .ifPresent(
                milli ->
                    samples.put(pod.metadata().nameOr(""), new Sample(milli, now, Duration.ZERO)));
      }
    } catch (IOException e) {
      failures.add(pod.metadata().nameOr("") + ": " + e.getMessage());
    }
  }

  private OptionalLong value(Pod pod, Wanted wanted, PrometheusText found, Instant now) {
    return found.counter()
        ? counters.rate(pod.metadata().uidOr("") + "/" + wanted, found.value(), now)
        : OptionalLong.of(Math.round(1000 * found.value()));
  }

  private static Optional<Integer> port(Pod pod) {
    String text = pod.metadata().annotations().get(PORT);
    boolean off = "false".equals(pod.metadata().annotations().get(SCRAPE));
    return off ? Optional.empty() : number(text);
  }

  private static Optional<Integer> number(@Nullable String text) {
    if (text == null || !text.matches("[1-9][0-9]{0,4}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    return port > 65_535 ? Optional.empty() : Optional.of(port);
  }
}
