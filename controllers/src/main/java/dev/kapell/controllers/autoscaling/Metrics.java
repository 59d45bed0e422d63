package dev.kapell.controllers.autoscaling;

import dev.kapell.api.DecodeException;
import dev.kapell.api.ResourceType;
import dev.kapell.api.autoscaling.v2.CrossVersionObjectReference;
import dev.kapell.api.autoscaling.v2.MetricIdentifier;
import dev.kapell.api.autoscaling.v2.MetricSpec;
import dev.kapell.api.autoscaling.v2.ObjectMetricSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.client.ApiFailure;
import dev.kapell.controllers.kinds.Kinds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Asks for metrics. Thread-safe; blocking. */
final class Metrics {
  private static final String RESOURCE = "metrics.k8s.io";
  private static final String CUSTOM = "custom.metrics.k8s.io";
  private static final String EXTERNAL = "external.metrics.k8s.io";
  private static final List<String> CUSTOM_VERSIONS = List.of("v1beta2", "v1beta1");

  private final MetricsApi api;
  private final Kinds kinds;
  private final Scraper scraper;

  Metrics(MetricsApi api, Kinds kinds, Scraper scraper) {
    this.api = api;
    this.kinds = kinds;
    this.scraper = scraper;
  }

  /**
   * Whose metrics are wanted.
   *
   * @param selector of the pods, in the API's text form
   */
  record Whose(String namespace, String selector, List<Pod> pods) {}

  /** What the source of {@code spec} says now. */
  Reading read(MetricSpec spec, Whose whose) throws InterruptedException {
    return switch (spec.typeOr("")) {
      case "Resource", "ContainerResource" ->
          usage(Shown.resource(spec), Shown.container(spec), whose);
      case "Pods" -> ofPods(Shown.metric(spec), whose);
      case "Object" -> spec.object() == null ? unset() : ofObject(spec.object(), whose.namespace());
      case "External" -> external(Shown.metric(spec), whose.namespace());
      default -> new Reading.Missing("unknown metric source type \"" + spec.typeOr("") + "\"");
    };
  }

  private static Reading unset() {
    return new Reading.Missing("the metric's source is not set");
  }

  private Reading usage(String resource, String container, Whose whose) {
    String unable = "unable to get metrics for resource " + resource + ": ";
    if (!api.serves(RESOURCE, "v1beta1")) {
      return new Reading.Missing(
          unable
              + "unable to fetch metrics from resource metrics API: the server could not find the"
              + " requested resource (get pods.metrics.k8s.io)");
    }
    try {
      byte[] json =
          api.get(
              RESOURCE,
              "v1beta1",
              "/namespaces/" + whose.namespace() + "/pods",
              Map.of("labelSelector", whose.selector()));
      Map<String, Sample> samples = Answers.usage(json, resource, container);
      return samples.isEmpty()
          ? new Reading.Missing(unable + "no metrics returned from resource metrics API")
          : new Reading.OfPods(samples);
    } catch (ApiFailure | DecodeException e) {
      return new Reading.Missing(
          unable + "unable to fetch metrics from resource metrics API: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return new Reading.Missing(unable + e.getMessage());
    }
  }

  private Reading ofPods(MetricIdentifier metric, Whose whose) throws InterruptedException {
    String unable = "unable to get metric " + metric.nameOr("") + ": ";
    Optional<String> version = customVersion();
    if (version.isEmpty()) {
      Scraper.Found found = scraper.each(whose.pods(), wanted(metric));
      return found.samples().isEmpty()
          ? new Reading.Missing(unable + found.why())
          : new Reading.OfPods(found.samples());
    }
    try {
      Map<String, String> query = query(metric.selector(), "metricLabelSelector");
      query.put("labelSelector", whose.selector());
      String path = "/namespaces/" + whose.namespace() + "/pods/*/" + metric.nameOr("");
      Map<String, Sample> samples = Answers.values(api.get(CUSTOM, version.get(), path, query));
      return samples.isEmpty()
          ? new Reading.Missing(unable + "no metrics returned from custom metrics API")
          : new Reading.OfPods(samples);
    } catch (ApiFailure | IllegalArgumentException | DecodeException e) {
      return new Reading.Missing(
          unable + "unable to fetch metrics from custom metrics API: " + e.getMessage());
    }
  }

  private Reading ofObject(ObjectMetricSource source, String namespace)
      throws InterruptedException {
    MetricIdentifier metric = source.metricOr(MetricIdentifier.EMPTY);
    CrossVersionObjectReference object =
        source.describedObjectOr(CrossVersionObjectReference.EMPTY);
    String kind = object.kindOr("");
    String name = object.nameOr("");
    String unable = "unable to get metric " + metric.nameOr("") + ": ";
    String on = " on " + kind + " " + namespace + "/" + name;
    Optional<String> version = customVersion();
    if (version.isEmpty()) {
      Scraper.Found found = scraper.behind(kind, namespace, name, wanted(metric));
      return found.samples().isEmpty()
          ? new Reading.Missing(unable + found.why() + on)
          : new Reading.Total(found.samples().values().stream().mapToLong(Sample::milli).sum());
    }
    try {
      Map<String, String> query = query(metric.selector(), "metricLabelSelector");
      Map<String, Sample> samples =
          Answers.values(
              api.get(
                  CUSTOM, version.get(), path(object, namespace) + "/" + metric.nameOr(""), query));
      return samples.isEmpty()
          ? new Reading.Missing(unable + "no metrics returned from custom metrics API" + on)
          : new Reading.Total(samples.values().iterator().next().milli());
    } catch (ApiFailure | IllegalArgumentException | DecodeException e) {
      return new Reading.Missing(
          unable + "unable to fetch metrics from custom metrics API: " + e.getMessage() + on);
    }
  }

  private String path(CrossVersionObjectReference object, String namespace) {
    String name = object.nameOr("");
    ResourceType<?> type =
        kinds
            .find(object.apiVersionOr("v1"), object.kindOr(""))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no matches for kind \"" + object.kindOr("") + "\""));
    if (type.kind().equals("Namespace")) {
      return "/namespaces/" + name + "/metrics";
    }
    String below = "/" + type.qualifiedName() + "/" + name;
    return type.namespaced() ? "/namespaces/" + namespace + below : below;
  }

  private Reading external(MetricIdentifier metric, String namespace) {
    String name = metric.nameOr("");
    String unable =
        "unable to get external metric %s/%s/%s: "
            .formatted(namespace, name, Shown.text(metric.selector()));
    if (!api.serves(EXTERNAL, "v1beta1")) {
      return new Reading.Missing(
          unable
              + "unable to fetch metrics from external metrics API: no server registers "
              + EXTERNAL
              + " here: install an adapter for the system that has the metric");
    }
    try {
      Map<String, String> query = query(metric.selector(), "labelSelector");
      OptionalLong sum =
          Answers.sum(api.get(EXTERNAL, "v1beta1", "/namespaces/" + namespace + "/" + name, query));
      return sum.isEmpty()
          ? new Reading.Missing(unable + "no metrics returned from external metrics API")
          : new Reading.Total(sum.getAsLong());
    } catch (ApiFailure | IllegalArgumentException | DecodeException e) {
      return new Reading.Missing(
          unable + "unable to fetch metrics from external metrics API: " + e.getMessage());
    }
  }

  private Optional<String> customVersion() {
    return CUSTOM_VERSIONS.stream().filter(version -> api.serves(CUSTOM, version)).findFirst();
  }

  private static Scraper.Wanted wanted(MetricIdentifier metric) {
    return new Scraper.Wanted(metric.nameOr(""), labels(metric.selector()));
  }

  private static Map<String, String> query(@Nullable LabelSelector selector, String name) {
    Map<String, String> query = new LinkedHashMap<>();
    if (selector != null) {
      query.put(name, labels(selector).toString());
    }
    return query;
  }

  /** No selector means every series. */
  private static LabelQuery labels(@Nullable LabelSelector selector) {
    return selector == null ? LabelQuery.EVERYTHING : LabelQuery.of(selector);
  }
}
