package dev.kapell.controllers.autoscaling;

import dev.kapell.api.Types;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import dev.kapell.api.autoscaling.v2.MetricStatus;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is done about one autoscaler now (reference: HorizontalPodAutoscaler). Pure; for one thread
 * and one use.
 */
final class Decision {
  /** How often metrics are looked at. */
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private static final String ABLE = "AbleToScale";
  private static final String ACTIVE = "ScalingActive";
  private static final String LIMITED = "ScalingLimited";

  private final Seen seen;
  private final HorizontalPodAutoscaler autoscaler;
  private final HorizontalPodAutoscalerSpec spec;
  private final Instant now;
  private final Conditions conditions;
  private final Plan.Builder plan = new Plan.Builder();

  private Decision(Seen seen, Instant now) {
    this.seen = seen;
    this.autoscaler = seen.autoscaler();
    this.spec = autoscaler.spec();
    this.now = now;
    this.conditions = new Conditions(autoscaler.status().conditions(), now);
  }

  /**
   * A change of the scale that is wanted.
   *
   * @param why as a person reads it
   */
  private record Wish(int replicas, String why) {}

  /** The plan; it comes again after {@link #PERIOD}. */
  static Plan of(Seen seen, Instant now) {
    Decision decision = new Decision(seen, now);
    switch (seen.target()) {
      case Seen.Target.Lost(String why) -> decision.lost(why);
      case Seen.Target.Found found -> decision.decide(found);
    }
    return decision.plan.againAfter(PERIOD).build();
  }

  /** What to write when the server refused to scale. */
  static Plan refused(Seen seen, Change refused, String error, Instant now) {
    if (!(refused instanceof Change.PatchObject<?> scaling)
        || !(seen.target() instanceof Seen.Target.Found found)) {
      return Plan.NOTHING;
    }
    Decision decision = new Decision(seen, now);
    decision.set(
        ABLE,
        "False",
        "FailedUpdateScale",
        "the HPA controller was unable to update the target scale: " + error);
    decision.warn("FailedRescale", scaling.reason() + "; error: " + error);
    decision.keep(found.wanted(), autoscalerMetrics(seen));
    return decision.plan.build();
  }

  private static List<MetricStatus> autoscalerMetrics(Seen seen) {
    return seen.autoscaler().status().currentMetrics();
  }

  private void lost(String why) {
    warn("FailedGetScale", why);
    set(
        ABLE,
        "False",
        "FailedGetScale",
        "the HPA controller was unable to get the target's current scale: " + why);
    write(autoscaler.withStatus(autoscaler.status().withConditions(conditions.all())));
  }

  private void decide(Seen.Target.Found found) {
    set(
        ABLE,
        "True",
        "SucceededGetScale",
        "the HPA controller was able to get the target's current scale");
    int current = found.wanted();
    int least = spec.minReplicasOr(1);
    int most = spec.maxReplicasOr(current);
    if (current == 0 && least != 0) {
      set(
          ACTIVE,
          "False",
          "ScalingDisabled",
          "scaling is disabled since the replica count of the target is zero");
      rest(current, List.of());
    } else if (current > most) {
      scale(found, new Wish(most, "Current number of replicas above Spec.MaxReplicas"), List.of());
    } else if (current < least) {
      scale(found, new Wish(least, "Current number of replicas below Spec.MinReplicas"), List.of());
    } else {
      follow(found);
    }
  }

  private void follow(Seen.Target.Found found) {
    switch (seen.advice()) {
      case Advice.Unasked() -> keep(found.wanted(), autoscalerMetrics(seen));
      case Advice.None none -> {
        none.troubles().forEach(trouble -> warn(trouble.reason(), trouble.told()));
        set(ACTIVE, "False", none.first().reason(), none.first().message());
        if (!none.whole().isEmpty()) {
          warn("FailedComputeMetricsReplicas", none.whole());
        }
        keep(found.wanted(), none.statuses());
      }
      case Advice.Replicas advised -> {
        advised.troubles().forEach(trouble -> warn(trouble.reason(), trouble.told()));
        follow(found, advised);
      }
    }
  }

  private void follow(Seen.Target.Found found, Advice.Replicas advised) {
    set(
        ACTIVE,
        "True",
        "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from " + advised.metric());
    int current = found.wanted();
    Pace pace = new Pace(spec, seen.history(), current, now);
    Pace.Held stable = pace.stabilized(advised.count());
    set(ABLE, "True", stable.reason(), stable.message());
    Pace.Held held = pace.bounded(stable.replicas());
    set(LIMITED, held.limited() ? "True" : "False", held.reason(), held.message());
    if (held.replicas() == current) {
      rest(current, advised.statuses());
      return;
    }
    String why =
        advised.count() > current
            ? advised.metric() + " above target"
            : advised.count() < current ? "All metrics below target" : "";
    scale(found, new Wish(held.replicas(), why), advised.statuses());
  }

  private void scale(Seen.Target.Found found, Wish wish, List<MetricStatus> metrics) {
    String told = "New size: " + wish.replicas() + "; reason: " + wish.why();
    ObjectKey key =
        new ObjectKey(autoscaler.metadata().namespaceOr(""), found.scale().metadata().nameOr(""));
    Patch patch =
        new Patch(
            Patch.Form.MERGE,
            "{\"spec\":{\"replicas\":" + wish.replicas() + "}}",
            "scale",
            "",
            false);
    plan.add(new Change.PatchObject<>(found.type(), key, patch, told));
    plan.add(Change.tell(autoscaler, "SuccessfulRescale", told));
    set(
        ABLE,
        "True",
        "SucceededRescale",
        "the HPA controller was able to update the target scale to " + wish.replicas());
    var status =
        autoscaler
            .status()
            .withCurrentReplicas(found.wanted())
            .withDesiredReplicas(wish.replicas())
            .withCurrentMetrics(metrics)
            .withLastScaleTime(now)
            .withConditions(conditions.all());
    write(autoscaler.withStatus(status));
  }

  /** All is as it should be. */
  private void rest(int current, List<MetricStatus> metrics) {
    write(
        autoscaler.withStatus(
            autoscaler
                .status()
                .withCurrentReplicas(current)
                .withDesiredReplicas(current)
                .withCurrentMetrics(metrics)
                .withConditions(conditions.all())));
  }

  /** Nobody knows how it should be. */
  private void keep(int current, List<MetricStatus> metrics) {
    write(
        autoscaler.withStatus(
            autoscaler
                .status()
                .withCurrentReplicas(current)
                .withDesiredReplicas(autoscaler.status().desiredReplicasOr(0))
                .withCurrentMetrics(metrics)
                .withConditions(conditions.all())));
  }

  private void write(HorizontalPodAutoscaler after) {
    HorizontalPodAutoscaler stamped =
        after.withStatus(after.status().withObservedGeneration(autoscaler.metadata().generation()));
    plan.add(
        Change.updateStatus(
            Types.HORIZONTAL_POD_AUTOSCALER, autoscaler, stamped, "metrics looked at"));
  }

  private void set(String type, String status, String reason, String message) {
    conditions.set(type, status, reason, message);
  }

  private void warn(String reason, String message) {
    plan.add(Change.warn(autoscaler, reason, message));
  }
}
