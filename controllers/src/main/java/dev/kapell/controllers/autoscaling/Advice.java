package dev.kapell.controllers.autoscaling;

import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.MetricStatus;
import dev.kapell.client.ObjectKey;
import java.util.List;
import java.util.stream.Collectors;

/** What all metrics of an autoscaler together say of the replicas. Immutable. */
sealed interface Advice {
  /** Nothing was asked: the target is out of its bounds, or switched off. */
  record Unasked() implements Advice {}

  /**
   * So many.
   *
   * @param metric what led to it, as a person calls it
   * @param statuses of all metrics, in their order
   * @param troubles of metrics that say nothing
   */
  record Replicas(int count, String metric, List<MetricStatus> statuses, List<Trouble> troubles)
      implements Advice {
    /** Copies. */
    public Replicas {
      statuses = List.copyOf(statuses);
      troubles = List.copyOf(troubles);
    }
  }

  /**
   * Nothing that could be followed.
   *
   * @param first of the condition
   * @param statuses of all metrics, in their order
   * @param troubles for events
   * @param whole the sentence for the event about all of it; empty for none
   */
  record None(Trouble first, List<MetricStatus> statuses, List<Trouble> troubles, String whole)
      implements Advice {
    /** Copies. */
    public None {
      statuses = List.copyOf(statuses);
      troubles = List.copyOf(troubles);
    }
  }

  /**
   * Why the condition ScalingActive is false.
   *
   * @param told in the event
   * @param message in the condition
   */
  record Trouble(String reason, String told, String message) {}

  /** The highest number counts; where a metric says nothing, the others may only ask for more. */
  static Advice of(List<Proposal> proposals, int wanted) {
    List<MetricStatus> statuses = proposals.stream().map(Proposal::status).toList();
    Proposal.Replicas highest = null;
    Proposal.Unknown unknown = null;
    int unknowns = 0;
    for (Proposal proposal : proposals) {
      switch (proposal) {
        case Proposal.Replicas replicas ->
            highest = highest == null || replicas.count() > highest.count() ? replicas : highest;
        case Proposal.Unknown each -> {
          unknown = unknown == null ? each : unknown;
          unknowns++;
        }
      }
    }
    List<Trouble> troubles = troubles(proposals);
    if (unknown != null && (highest == null || highest.count() < wanted)) {
      String whole =
          "invalid metrics (%d invalid out of %d), first error is: failed to get %s: %s"
              .formatted(unknowns, proposals.size(), unknown.noun(), unknown.why());
      return new None(trouble(unknown), statuses, troubles, whole);
    }
    if (highest == null) {
      return new None(
          new Trouble("InvalidMetricSourceType", "no metrics", "the HPA has no metrics"),
          statuses,
          troubles,
          "");
    }
    return new Replicas(highest.count(), highest.metric(), statuses, troubles);
  }

  private static List<Trouble> troubles(List<Proposal> proposals) {
    return proposals.stream()
        .filter(Proposal.Unknown.class::isInstance)
        .map(each -> trouble((Proposal.Unknown) each))
        .toList();
  }

  private static Trouble trouble(Proposal.Unknown unknown) {
    return new Trouble(
        unknown.reason(),
        unknown.why(),
        "the HPA was unable to compute the replica count: " + unknown.why());
  }

  /** The target does not say which pods are its own. */
  static None withoutSelector() {
    Trouble trouble =
        new Trouble(
            "InvalidSelector",
            "selector is required",
            "the HPA target's scale is missing a selector");
    return new None(
        trouble,
        List.of(),
        List.of(new Trouble("SelectorRequired", trouble.told(), trouble.message())),
        "selector is required");
  }

  /** What the target says of its pods can not be read. */
  static None unreadableSelector(String why) {
    String message =
        "couldn't convert selector into a corresponding internal selector object: " + why;
    Trouble trouble = new Trouble("InvalidSelector", message, message);
    return new None(trouble, List.of(), List.of(trouble), message);
  }

  /** Several autoscalers are for the same pods, and would pull in all directions. */
  static None ambiguous(
      HorizontalPodAutoscaler autoscaler, String selector, List<ObjectKey> rivals) {
    String all =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(ObjectKey.of(autoscaler)), rivals.stream())
            .map(ObjectKey::toString)
            .sorted()
            .collect(Collectors.joining(" "));
    String message =
        "pods by selector " + selector + " are controlled by multiple HPAs: [" + all + "]";
    Trouble trouble = new Trouble("AmbiguousSelector", message, message);
    return new None(trouble, List.of(), List.of(trouble), message);
  }
}
