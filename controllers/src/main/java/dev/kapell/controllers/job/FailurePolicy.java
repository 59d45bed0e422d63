package dev.kapell.controllers.job;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import dev.kapell.api.batch.v1.PodFailurePolicyOnPodConditionsPattern;
import dev.kapell.api.batch.v1.PodFailurePolicyRule;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a failed pod means for its Job. Pure. */
final class FailurePolicy {
  /**
   * The rule that a pod falls under.
   *
   * @param action FailJob, FailIndex, Ignore or Count
   * @param message for FailJob: why
   */
  record Ruling(String action, String message) {
    static final Ruling COUNT = new Ruling("Count", "");
  }

  private FailurePolicy() {}

  static Ruling of(Job job, Pod pod) {
    if (job.spec().podFailurePolicy() == null) {
      return Ruling.COUNT;
    }
    int index = 0;
    for (PodFailurePolicyRule rule : job.spec().podFailurePolicy().rules()) {
      Optional<String> match = match(rule, pod);
      if (match.isPresent()) {
        String message = match.get() + " matching " + rule.actionOr("") + " rule at index " + index;
        return new Ruling(rule.actionOr("Count"), message);
      }
      index++;
    }
    return Ruling.COUNT;
  }

  private static Optional<String> match(PodFailurePolicyRule rule, Pod pod) {
    String name = pod.metadata().namespaceOr("") + "/" + pod.metadata().nameOr("");
    if (rule.onExitCodes() != null) {
      return exit(rule.onExitCodes(), pod)
          .map(
              s ->
                  "Container "
                      + s.nameOr("")
                      + " for pod "
                      + name
                      + " failed with exit code "
                      + exitCode(s));
    }
    for (PodFailurePolicyOnPodConditionsPattern pattern : rule.onPodConditions()) {
      boolean holds =
          Pods.condition(pod, pattern.typeOr(""))
              .map(c -> c.statusOr("").equals(pattern.statusOr("True")))
              .orElse(false);
      if (holds) {
        return Optional.of("Pod " + name + " has condition " + pattern.typeOr(""));
      }
    }
    return Optional.empty();
  }

  private static Optional<ContainerStatus> exit(
      PodFailurePolicyOnExitCodesRequirement wanted, Pod pod) {
    List<ContainerStatus> statuses = new ArrayList<>(pod.status().containerStatuses());
    statuses.addAll(pod.status().initContainerStatuses());
    String container = wanted.containerNameOr("");
    return statuses.stream()
        .filter(s -> container.isEmpty() || container.equals(s.nameOr("")))
        .filter(s -> exitCode(s) != 0)
        .filter(s -> wanted.values().contains(exitCode(s)) == wanted.operatorOr("In").equals("In"))
        .findFirst();
  }

  private static int exitCode(ContainerStatus status) {
    var state = status.state();
    return state == null || state.terminated() == null ? 0 : state.terminated().exitCodeOr(0);
  }
}
