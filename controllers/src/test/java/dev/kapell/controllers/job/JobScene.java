package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobCondition;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.UncountedTerminatedPods;
import dev.kapell.api.core.v1.ContainerState;
import dev.kapell.api.core.v1.ContainerStateTerminated;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Jobs and their pods, and what is decided about them. */
abstract class JobScene {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private int pods;

  static Job job(UnaryOperator<JobSpec.Builder> spec) {
    PodTemplateSpec template = Make.template("sum", "sum:1");
    JobSpec.Builder builder =
        JobSpec.builder()
            .completions(3)
            .parallelism(3)
            .backoffLimit(6)
            .selector(Make.selector("sum"))
            .template(template.withSpec(template.spec().withRestartPolicy("Never")));
    return Job.builder()
        .metadata(Make.meta("sum").withUid("job").withGeneration(1L))
        .spec(spec.apply(builder).build())
        .status(JobStatus.builder().startTime(NOW.minusSeconds(3600)).build())
        .build();
  }

  static Job indexed(UnaryOperator<JobSpec.Builder> spec) {
    return job(builder -> spec.apply(builder.completionMode("Indexed")));
  }

  /** A tracked pod of {@code job}. */
  Pod pod(Job job, String phase) {
    pods++;
    return Pod.builder()
        .metadata(
            Make.meta("sum-" + pods)
                .withUid("pod-" + pods)
                .withLabels(Map.of("app", "sum"))
                .withFinalizers(List.of(JobPods.FINALIZER))
                .withCreationTimestamp(NOW.minusSeconds(3000))
                .withOwnerReferences(List.of(Owners.reference(job))))
        .spec(job.spec().template().spec().withNodeName("n1"))
        .build()
        .withStatus(Pod.EMPTY.status().withPhase(phase));
  }

  Pod pod(Job job, String phase, int index, int failures) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("batch.kubernetes.io/job-completion-index", "" + index);
    annotations.put("batch.kubernetes.io/job-index-failure-count", "" + failures);
    Pod pod = pod(job, phase);
    return pod.withMetadata(pod.metadata().withAnnotations(annotations));
  }

  static Pod exited(Pod pod, int code, Instant at) {
    ContainerStatus container =
        ContainerStatus.builder()
            .name("main")
            .state(
                ContainerState.builder()
                    .terminated(
                        ContainerStateTerminated.builder().exitCode(code).finishedAt(at).build())
                    .build())
            .build();
    return pod.withStatus(pod.status().withContainerStatuses(List.of(container)));
  }

  static Pod terminating(Pod pod) {
    return pod.withMetadata(
        pod.metadata().withDeletionTimestamp(NOW).withDeletionGracePeriodSeconds(30L));
  }

  static Plan decide(Job job, List<Pod> pods) {
    return Run.decide(new Run.Seen(Optional.of(job), pods, List.of()), NOW);
  }

  static JobStatus status(Plan plan) {
    for (Change change : plan.changes()) {
      if (change instanceof Change.UpdateStatus<?> update && update.after() instanceof Job job) {
        return job.status();
      }
    }
    throw new AssertionError("no status in " + plan);
  }

  static UncountedTerminatedPods noted(Plan plan) {
    return Objects.requireNonNull(status(plan).uncountedTerminatedPods());
  }

  static List<Pod> created(Plan plan) {
    return plan.changes().stream()
        .filter(c -> c instanceof Change.Create<?> create && create.type().equals(Types.POD))
        .map(c -> (Pod) ((Change.Create<?>) c).object())
        .toList();
  }

  static List<String> createdIndexes(Plan plan) {
    return created(plan).stream()
        .map(p -> p.metadata().labels().get("batch.kubernetes.io/job-completion-index"))
        .toList();
  }

  static List<String> deleted(Plan plan) {
    return plan.changes().stream()
        .filter(Change.Delete.class::isInstance)
        .map(c -> ((Change.Delete<?>) c).key().name())
        .toList();
  }

  static List<String> untracked(Plan plan) {
    return plan.changes().stream()
        .filter(c -> c instanceof Change.Update<?> u && u.type().equals(Types.POD))
        .map(c -> ((Change.Update<?>) c).before().metadata().nameOr(""))
        .toList();
  }

  static List<String> conditions(JobStatus status) {
    return status.conditions().stream()
        .map(c -> c.typeOr("") + "=" + c.statusOr("") + " " + c.reasonOr(""))
        .toList();
  }

  static Job with(Job job, JobCondition... conditions) {
    return job.withStatus(job.status().withConditions(List.of(conditions)));
  }

  static JobCondition condition(String type, String status) {
    return JobCondition.builder()
        .type(type)
        .status(status)
        .reason("Why")
        .lastTransitionTime(NOW.minusSeconds(100))
        .build();
  }
}
