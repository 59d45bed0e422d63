package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EnvVar;
import dev.kapell.api.core.v1.EnvVarSource;
import dev.kapell.api.core.v1.ObjectFieldSelector;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The pods that a Job makes. Pure. */
final class JobPods {
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";
  private static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
  private static final String IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";

  /** A made-up name takes 63 letters at most, five of which the server adds. */
  private static final int LONGEST_PREFIX = 58;

  private JobPods() {}

  static boolean isIndexed(Job job) {
    return job.spec().completionModeOr("NonIndexed").equals("Indexed");
  }

  /** A terminating pod is replaced only when it has ended. */
  static boolean replacesOnlyFailed(Job job) {
    boolean policy = job.spec().podFailurePolicy() != null;
    return job.spec()
        .podReplacementPolicyOr(policy ? "Failed" : "TerminatingOrFailed")
        .equals("Failed");
  }

  /** Another controller looks after this Job. */
  static boolean isManagedElsewhere(Job job) {
    String manager = job.spec().managedByOr("");
    return !manager.isEmpty() && !manager.equals("kubernetes.io/job-controller");
  }

  /**
   * It has failed, or somebody has deleted it: then it may never get to say so. Under the policy to
   * replace only what has failed, a deleted one counts when its node has let go of it.
   */
  static boolean isFailed(Job job, Pod pod) {
    if (Pods.isFinished(pod)) {
      return Pods.phase(pod).equals("Failed");
    }
    boolean released = pod.metadata().deletionGracePeriodSecondsOr(1L) == 0;
    return Pods.isTerminating(pod) && (released || !replacesOnlyFailed(job));
  }

  /** Deletes a pod that is not wanted any more, without counting its end. */
  static List<Change> drop(Job job, Pod pod, String reason) {
    Change delete = Change.deleteFor(Types.POD, pod, job, reason);
    return isTracked(pod) ? List.of(untrack(pod), delete) : List.of(delete);
  }

  static boolean isTracked(Pod pod) {
    return pod.metadata().finalizers().contains(FINALIZER);
  }

  /** The index of a pod of an indexed Job. */
  static OptionalInt index(Pod pod) {
    String text = pod.metadata().annotations().get(INDEX);
    try {
      return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Its index is one that the Job still has. */
  static boolean hasValidIndex(Job job, Pod pod) {
    OptionalInt index = index(pod);
    return index.isPresent()
        && index.getAsInt() >= 0
        && index.getAsInt() < job.spec().completionsOr(0);
  }

  /** How often its index had failed before this pod. */
  static int failures(Pod pod) {
    return number(pod, FAILURES);
  }

  /** How often its index had failed before this pod in ways that the policy ignores. */
  static int ignoredFailures(Pod pod) {
    return number(pod, IGNORED);
  }

  private static int number(Pod pod, String annotation) {
    try {
      return Integer.parseInt(pod.metadata().annotations().getOrDefault(annotation, "0"));
    } catch (NumberFormatException e) {
      return 0; // Somebody edited it; the index starts again.
    }
  }

  /**
   * A pod of a Job without indexes.
   *
   * @param atOnce how many run side by side
   */
  static Change create(Job job, int atOnce, String reason) {
    return new Change.Create<>(Types.POD, tracked(job, atOnce), job, reason);
  }

  private static Pod tracked(Job job, int atOnce) {
    Pod pod = Pods.fromTemplate(job.spec().template(), job);
    List<String> finalizers = new ArrayList<>(pod.metadata().finalizers());
    if (!finalizers.contains(FINALIZER)) {
      finalizers.add(FINALIZER);
    }
    return pod.withMetadata(Batch.mark(pod.metadata().withFinalizers(finalizers), job, atOnce));
  }

  /**
   * A pod of an indexed Job.
   *
   * @param atOnce how many run side by side
   * @param before the failed pod that it takes the place of; null when it is the first
   */
  static Change createIndexed(Job job, int atOnce, int index, @Nullable Pod before, String reason) {
    Pod pod = tracked(job, atOnce);
    ObjectMeta meta = pod.metadata();
    String text = Integer.toString(index);
    Map<String, String> annotations = new LinkedHashMap<>(meta.annotations());
    annotations.put(INDEX, text);
    if (job.spec().backoffLimitPerIndex() != null) {
      annotations.putAll(failuresAfter(job, before));
    }
    Map<String, String> labels = new LinkedHashMap<>(meta.labels());
    labels.put(INDEX, text);
    String owner = job.metadata().nameOr("");
    String suffix = "-" + text + "-";
    String prefix = owner.substring(0, Math.min(owner.length(), LONGEST_PREFIX - suffix.length()));
    Pod made =
        pod.withMetadata(
                meta.withAnnotations(annotations)
                    .withLabels(labels)
                    .withGenerateName(prefix + suffix))
            .withSpec(indexed(pod.spec(), owner + "-" + text));
    return new Change.Create<>(Types.POD, made, job, reason);
  }

  private static Map<String, String> failuresAfter(Job job, @Nullable Pod before) {
    int failures = before == null ? 0 : failures(before);
    int ignored = before == null ? 0 : ignoredFailures(before);
    if (before != null && FailurePolicy.of(job, before).action().equals("Ignore")) {
      ignored++;
    } else if (before != null) {
      failures++;
    }
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(FAILURES, Integer.toString(failures));
    if (ignored > 0) {
      annotations.put(IGNORED, Integer.toString(ignored));
    }
    return annotations;
  }

  private static PodSpec indexed(PodSpec spec, String hostname) {
    return spec.withHostname(hostname)
        .withContainers(spec.containers().stream().map(JobPods::withIndex).toList())
        .withInitContainers(spec.initContainers().stream().map(JobPods::withIndex).toList());
  }

  private static Container withIndex(Container container) {
    if (container.env().stream().anyMatch(e -> e.nameOr("").equals("JOB_COMPLETION_INDEX"))) {
      return container;
    }
    List<EnvVar> env = new ArrayList<>(container.env());
    env.add(
        EnvVar.builder()
            .name("JOB_COMPLETION_INDEX")
            .valueFrom(
                EnvVarSource.builder()
                    .fieldRef(
                        ObjectFieldSelector.builder()
                            .fieldPath("metadata.labels['" + INDEX + "']")
                            .build())
                    .build())
            .build());
    return container.withEnv(env);
  }

  static Change untrack(Pod pod) {
    return untrack(pod, "it has been counted");
  }

  /** Lets go of a pod whose Job is no more. */
  static Change free(Pod pod) {
    return untrack(pod, "its Job is gone");
  }

  private static Change untrack(Pod pod, String reason) {
    List<String> left =
        pod.metadata().finalizers().stream().filter(f -> !f.equals(FINALIZER)).toList();
    return Change.update(
        Types.POD, pod, pod.withMetadata(pod.metadata().withFinalizers(left)), reason);
  }
}
