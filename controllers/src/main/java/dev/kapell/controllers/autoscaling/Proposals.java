package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.MetricSpec;
import dev.kapell.api.autoscaling.v2.MetricStatus;
import dev.kapell.api.autoscaling.v2.MetricValueStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What each metric says of the replicas. Pure.
 *
 * @param wanted the replicas that the target asks for now
 * @param there the replicas that it has
 * @param pods those that it selects
 */
record Proposals(int wanted, int there, List<Pod> pods, Tolerance tolerance, Instant now) {
  private static final String NO_PODS =
      "no pods returned by selector while calculating replica count";
  private static final String NONE_READY = "did not receive metrics for any ready pods";

  /** Ends a calculation; the message is a sentence for the condition. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message, null, false, false);
    }
  }

  /** What {@code reading} of the metric that {@code spec} names means. */
  Proposal of(MetricSpec spec, Reading reading) {
    Shown shown = Shown.of(spec);
    try {
      return switch (reading) {
        case Reading.Missing(String why) -> throw new Unusable(why);
        case Reading.OfPods(Map<String, Sample> samples) -> ofPods(spec, shown, samples);
        case Reading.Total(long milli) -> ofTotal(shown, milli);
      };
    } catch (Unusable e) {
      String why = shown.failing() + e.getMessage();
      return new Proposal.Unknown(
          shown.reason(), why, shown.noun(), MetricStatus.builder().type(spec.type()).build());
    }
  }

  private Proposal ofPods(MetricSpec spec, Shown shown, Map<String, Sample> samples)
      throws Unusable {
    if (pods.isEmpty()) {
      throw new Unusable(NO_PODS);
    }
    String resource = Shown.resource(spec);
    MeasuredPods measured = MeasuredPods.of(pods, samples, resource.equals("cpu"), now);
    Integer utilization = shown.target().averageUtilization();
    OptionalLong each = milli(shown.target().averageValue());
    if (each.isPresent()) {
      return perPod(shown, measured, each.getAsLong());
    }
    if (utilization == null || resource.isEmpty()) {
      throw new Unusable(
          "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set");
    }
    return ofRequests(shown, measured, requests(resource, Shown.container(spec)), utilization);
  }

  private Map<String, Long> requests(String resource, String container) throws Unusable {
    try {
      return Requests.of(pods, resource, container);
    } catch (Requests.Unknown e) {
      throw new Unusable(String.valueOf(e.getMessage()));
    }
  }

  private Proposal ofRequests(
      Shown shown, MeasuredPods measured, Map<String, Long> requests, int target) throws Unusable {
    requireAny(measured);
    if (sum(requests, measured.samples()) == 0) {
      throw new Unusable("no metrics returned matched known pods");
    }
    int replicas =
        new Ratio(wanted, tolerance)
            .replicas(
                measured,
                samples -> (double) percent(requests, samples) / target,
                name -> requests.getOrDefault(name, 0L) * Math.max(100, target) / 100);
    MetricValueStatus current =
        MetricValueStatus.builder()
            .averageUtilization(Math.toIntExact(percent(requests, measured.samples())))
            .averageValue(Quantity.ofMilli(average(measured.samples())))
            .build();
    return new Proposal.Replicas(
        replicas, shown.called() + " utilization (percentage of request)", shown.status(current));
  }

  private static long percent(Map<String, Long> requests, Map<String, Sample> samples) {
    long asked = sum(requests, samples);
    return asked == 0
        ? 0
        : Math.min(Integer.MAX_VALUE, Math.round(Math.floor(100.0 * sum(samples) / asked)));
  }

  private static long sum(Map<String, Long> requests, Map<String, Sample> of) {
    return of.keySet().stream().mapToLong(name -> requests.getOrDefault(name, 0L)).sum();
  }

  private static long sum(Map<String, Sample> samples) {
    return samples.values().stream().mapToLong(Sample::milli).sum();
  }

  private static long average(Map<String, Sample> samples) {
    return samples.isEmpty() ? 0 : sum(samples) / samples.size();
  }

  private Proposal perPod(Shown shown, MeasuredPods measured, long target) throws Unusable {
    requireAny(measured);
    int replicas =
        new Ratio(wanted, tolerance)
            .replicas(measured, samples -> (double) average(samples) / target, name -> target);
    return new Proposal.Replicas(
        replicas, shown.called(), shown.status(averageValue(average(measured.samples()))));
  }

  private static void requireAny(MeasuredPods measured) throws Unusable {
    if (measured.samples().isEmpty()) {
      throw new Unusable(NONE_READY);
    }
  }

  private Proposal ofTotal(Shown shown, long total) throws Unusable {
    Ratio ratio = new Ratio(wanted, tolerance);
    OptionalLong each = milli(shown.target().averageValue());
    OptionalLong whole = milli(shown.target().value());
    if (each.isPresent()) {
      long average = Math.ceilDiv(total, Math.max(1, there));
      return new Proposal.Replicas(
          ratio.replicasForEach(total, each.getAsLong(), there),
          shown.called(),
          shown.status(averageValue(average)));
    }
    if (whole.isEmpty()) {
      throw new Unusable(
          "invalid metric source: neither a value target nor an average value target was set");
    }
    double use = (double) total / whole.getAsLong();
    if (wanted != 0 && !tolerance.covers(use) && pods.isEmpty()) {
      throw new Unusable("unable to calculate ready pods: " + NO_PODS);
    }
    MetricValueStatus current = MetricValueStatus.builder().value(Quantity.ofMilli(total)).build();
    return new Proposal.Replicas(
        ratio.replicas(use, ready()), shown.called(), shown.status(current));
  }

  private int ready() {
    return (int)
        pods.stream().filter(pod -> Pods.phase(pod).equals("Running") && Pods.isReady(pod)).count();
  }

  private static MetricValueStatus averageValue(long milli) {
    return MetricValueStatus.builder().averageValue(Quantity.ofMilli(milli)).build();
  }

  private static OptionalLong milli(@Nullable Quantity quantity) {
    return quantity == null ? OptionalLong.empty() : OptionalLong.of(quantity.milliValue());
  }
}
