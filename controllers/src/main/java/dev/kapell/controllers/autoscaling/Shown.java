package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.ContainerResourceMetricSource;
import dev.kapell.api.autoscaling.v2.ContainerResourceMetricStatus;
import dev.kapell.api.autoscaling.v2.ExternalMetricSource;
import dev.kapell.api.autoscaling.v2.ExternalMetricStatus;
import dev.kapell.api.autoscaling.v2.MetricIdentifier;
import dev.kapell.api.autoscaling.v2.MetricSpec;
import dev.kapell.api.autoscaling.v2.MetricStatus;
import dev.kapell.api.autoscaling.v2.MetricTarget;
import dev.kapell.api.autoscaling.v2.MetricValueStatus;
import dev.kapell.api.autoscaling.v2.ObjectMetricSource;
import dev.kapell.api.autoscaling.v2.ObjectMetricStatus;
import dev.kapell.api.autoscaling.v2.PodsMetricSource;
import dev.kapell.api.autoscaling.v2.PodsMetricStatus;
import dev.kapell.api.autoscaling.v2.ResourceMetricSource;
import dev.kapell.api.autoscaling.v2.ResourceMetricStatus;
import dev.kapell.api.meta.v1.LabelSelector;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A metric as a person sees it: in conditions, events and the status. Pure.
 *
 * @param target what is aimed at
 * @param called its name in the event of a change
 * @param reason of the condition and event when it can not be had
 * @param noun what can not be had then
 * @param failing how the sentence about that begins
 */
record Shown(
    MetricTarget target,
    String called,
    String reason,
    String noun,
    String failing,
    Function<MetricValueStatus, MetricStatus> shape) {

  static Shown of(MetricSpec spec) {
    if (spec.resource() != null) {
      return resource(spec, spec.resource());
    }
    if (spec.containerResource() != null) {
      return container(spec, spec.containerResource());
    }
    if (spec.pods() != null) {
      return pods(spec, spec.pods());
    }
    if (spec.object() != null) {
      return object(spec, spec.object());
    }
    if (spec.external() != null) {
      return external(spec, spec.external());
    }
    return new Shown(
        MetricTarget.EMPTY,
        "",
        "InvalidMetricSourceType",
        "metric value",
        "",
        value -> typed(spec).build());
  }

  private static Shown resource(MetricSpec spec, ResourceMetricSource resource) {
    String name = resource.nameOr("");
    MetricTarget target = resource.targetOr(MetricTarget.EMPTY);
    return new Shown(
        target,
        name + " resource",
        "FailedGetResourceMetric",
        name + " resource metric value",
        failing(name, target),
        value ->
            typed(spec)
                .resource(ResourceMetricStatus.builder().name(name).current(value).build())
                .build());
  }

  private static Shown container(MetricSpec spec, ContainerResourceMetricSource container) {
    String name = container.nameOr("");
    MetricTarget target = container.targetOr(MetricTarget.EMPTY);
    return new Shown(
        target,
        name + " container resource",
        "FailedGetContainerResourceMetric",
        name + " container metric value",
        failing(name, target),
        value ->
            typed(spec)
                .containerResource(
                    ContainerResourceMetricStatus.builder()
                        .name(name)
                        .container(container.container())
                        .current(value)
                        .build())
                .build());
  }

  private static Shown pods(MetricSpec spec, PodsMetricSource pods) {
    MetricIdentifier metric = pods.metricOr(MetricIdentifier.EMPTY);
    return new Shown(
        pods.targetOr(MetricTarget.EMPTY),
        "pods metric " + metric.nameOr(""),
        "FailedGetPodsMetric",
        "pods metric value",
        "",
        value ->
            typed(spec)
                .pods(PodsMetricStatus.builder().metric(metric).current(value).build())
                .build());
  }

  private static Shown object(MetricSpec spec, ObjectMetricSource object) {
    MetricIdentifier metric = object.metricOr(MetricIdentifier.EMPTY);
    var described = object.describedObject();
    String kind = described == null ? "" : described.kindOr("");
    return new Shown(
        object.targetOr(MetricTarget.EMPTY),
        kind + " metric " + metric.nameOr(""),
        "FailedGetObjectMetric",
        "object metric value",
        "",
        value ->
            typed(spec)
                .object(
                    ObjectMetricStatus.builder()
                        .metric(metric)
                        .describedObject(described)
                        .current(value)
                        .build())
                .build());
  }

  private static Shown external(MetricSpec spec, ExternalMetricSource external) {
    MetricIdentifier metric = external.metricOr(MetricIdentifier.EMPTY);
    String name = metric.nameOr("");
    return new Shown(
        external.targetOr(MetricTarget.EMPTY),
        "external metric " + name + "(" + text(metric.selector()) + ")",
        "FailedGetExternalMetric",
        name + " external metric value",
        "failed to get " + name + " external metric: ",
        value ->
            typed(spec)
                .external(ExternalMetricStatus.builder().metric(metric).current(value).build())
                .build());
  }

  private static String failing(String resource, MetricTarget target) {
    String noun = target.averageUtilization() == null ? "usage" : "utilization";
    return "failed to get " + resource + " " + noun + ": ";
  }

  private static MetricStatus.Builder typed(MetricSpec spec) {
    return MetricStatus.builder().type(spec.type());
  }

  MetricStatus status(MetricValueStatus current) {
    return shape.apply(current);
  }

  /** The resource that is measured; empty for other metrics. */
  static String resource(MetricSpec spec) {
    if (spec.resource() != null) {
      return spec.resource().nameOr("");
    }
    return spec.containerResource() == null ? "" : spec.containerResource().nameOr("");
  }

  /** The container whose use counts; empty for all. */
  static String container(MetricSpec spec) {
    return spec.containerResource() == null ? "" : spec.containerResource().containerOr("");
  }

  /** The metric's name and selector; empty for resources. */
  static MetricIdentifier metric(MetricSpec spec) {
    if (spec.pods() != null) {
      return spec.pods().metricOr(MetricIdentifier.EMPTY);
    }
    if (spec.object() != null) {
      return spec.object().metricOr(MetricIdentifier.EMPTY);
    }
    return spec.external() == null
        ? MetricIdentifier.EMPTY
        : spec.external().metricOr(MetricIdentifier.EMPTY);
  }

  /** A selector in the words of Kubernetes' own messages. */
  static String text(@Nullable LabelSelector selector) {
    if (selector == null) {
      return "nil";
    }
    String labels =
        selector.matchLabels().entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue() + ",")
            .collect(Collectors.joining());
    String expressions =
        selector.matchExpressions().stream()
            .map(
                each ->
                    "LabelSelectorRequirement{Key:%s,Operator:%s,Values:[%s],},"
                        .formatted(
                            each.keyOr(""), each.operatorOr(""), String.join(" ", each.values())))
            .collect(Collectors.joining());
    return "&LabelSelector{MatchLabels:map[string]string{%s},MatchExpressions:[]LabelSelectorRequirement{%s},}"
        .formatted(labels, expressions);
  }
}
