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

/** The pods that a Job makes. Pure. */
final class JobPods {
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";
  private static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";

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

  /** How often its index had failed before this pod. */
  static int failures(Pod pod) {
    try {
      return Integer.parseInt(pod.metadata().annotations().getOrDefault(FAILURES, "0"));
    } catch (NumberFormatException e) {
      return 0; // Somebody edited it; the index starts again.
    }
  }

  static Change create(Job job, OptionalInt index, int failures, String reason) {
    Pod pod = Pods.fromTemplate(job.spec().template(), job);
    List<String> finalizers = new ArrayList<>(pod.metadata().finalizers());
    finalizers.add(FINALIZER);
    ObjectMeta meta = pod.metadata().withFinalizers(finalizers);
    if (index.isPresent()) {
      String text = Integer.toString(index.getAsInt());
      Map<String, String> annotations = new LinkedHashMap<>(meta.annotations());
      annotations.put(INDEX, text);
      if (job.spec().backoffLimitPerIndex() != null) {
        annotations.put(FAILURES, Integer.toString(failures));
      }
      Map<String, String> labels = new LinkedHashMap<>(meta.labels());
      labels.put(INDEX, text);
      String name = job.metadata().nameOr("") + "-" + text;
      meta = meta.withAnnotations(annotations).withLabels(labels).withGenerateName(name + "-");
      pod = pod.withSpec(indexed(pod.spec(), name));
    }
    return new Change.Create<>(Types.POD, pod.withMetadata(meta), job, reason);
  }

  private static PodSpec indexed(PodSpec spec, String hostname) {
    PodSpec named = spec.hostnameOr("").isEmpty() ? spec.withHostname(hostname) : spec;
    return named
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
