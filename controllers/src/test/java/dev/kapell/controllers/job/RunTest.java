package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobCondition;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.PodFailurePolicy;
import dev.kapell.api.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import dev.kapell.api.batch.v1.PodFailurePolicyRule;
import dev.kapell.api.batch.v1.SuccessPolicy;
import dev.kapell.api.batch.v1.SuccessPolicyRule;
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
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private int pods;

  private static Job job(UnaryOperator<JobSpec.Builder> spec) {
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

  private static Job indexed(UnaryOperator<JobSpec.Builder> spec) {
    return job(builder -> spec.apply(builder.completionMode("Indexed")));
  }

  /** A tracked pod of {@code job}. */
  private Pod pod(Job job, String phase) {
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

  private Pod pod(Job job, String phase, int index, int failures) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("batch.kubernetes.io/job-completion-index", "" + index);
    annotations.put("batch.kubernetes.io/job-index-failure-count", "" + failures);
    Pod pod = pod(job, phase);
    return pod.withMetadata(pod.metadata().withAnnotations(annotations));
  }

  private static Pod exited(Pod pod, int code, Instant at) {
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

  private static Pod terminating(Pod pod) {
    return pod.withMetadata(
        pod.metadata().withDeletionTimestamp(NOW).withDeletionGracePeriodSeconds(30L));
  }

  private static Plan decide(Job job, List<Pod> pods) {
    return Run.decide(new Run.Seen(Optional.of(job), pods, List.of()), NOW);
  }

  private static JobStatus status(Plan plan) {
    for (Change change : plan.changes()) {
      if (change instanceof Change.UpdateStatus<?> update && update.after() instanceof Job job) {
        return job.status();
      }
    }
    throw new AssertionError("no status in " + plan);
  }

  private static UncountedTerminatedPods noted(Plan plan) {
    return Objects.requireNonNull(status(plan).uncountedTerminatedPods());
  }

  private static List<Pod> created(Plan plan) {
    return plan.changes().stream()
        .filter(c -> c instanceof Change.Create<?> create && create.type().equals(Types.POD))
        .map(c -> (Pod) ((Change.Create<?>) c).object())
        .toList();
  }

  private static List<String> createdIndexes(Plan plan) {
    return created(plan).stream()
        .map(p -> p.metadata().labels().get("batch.kubernetes.io/job-completion-index"))
        .toList();
  }

  private static List<String> deleted(Plan plan) {
    return plan.changes().stream()
        .filter(Change.Delete.class::isInstance)
        .map(c -> ((Change.Delete<?>) c).key().name())
        .toList();
  }

  private static List<String> untracked(Plan plan) {
    return plan.changes().stream()
        .filter(c -> c instanceof Change.Update<?> u && u.type().equals(Types.POD))
        .map(c -> ((Change.Update<?>) c).before().metadata().nameOr(""))
        .toList();
  }

  private static List<String> conditions(JobStatus status) {
    return status.conditions().stream()
        .map(c -> c.typeOr("") + "=" + c.statusOr("") + " " + c.reasonOr(""))
        .toList();
  }

  private static Job with(Job job, JobCondition... conditions) {
    return job.withStatus(job.status().withConditions(List.of(conditions)));
  }

  private static JobCondition condition(String type, String status) {
    return JobCondition.builder()
        .type(type)
        .status(status)
        .reason("Why")
        .lastTransitionTime(NOW.minusSeconds(100))
        .build();
  }

  @ParameterizedTest(
      name = "{0} completions, {1} at once, {2} active, {3} succeeded: {4} made, {5} dropped")
  @CsvSource({
    "3, 3, 0, 0, 3, 0",
    "5, 2, 0, 0, 2, 0",
    "5, 2, 1, 0, 1, 0",
    "5, 2, 2, 0, 0, 0",
    "5, 4, 1, 3, 1, 0",
    "5, 4, 2, 3, 0, 0",
    "5, 4, 3, 4, 0, 2",
    "5, 0, 2, 0, 0, 2",
    "9999, 2000, 0, 0, 500, 0",
  })
  void asManyPodsAsAreWanted(
      int completions, int parallelism, int active, int succeeded, int made, int dropped) {
    Job job = job(s -> s.completions(completions).parallelism(parallelism));
    job = job.withStatus(job.status().withSucceeded(succeeded));
    Job seen = job;
    Plan plan =
        decide(job, IntStream.range(0, active).mapToObj(i -> pod(seen, "Running")).toList());
    assertThat(created(plan)).hasSize(made).allMatch(JobPods::isTracked);
    assertThat(deleted(plan)).hasSize(dropped);
    assertThat(untracked(plan)).as("what is dropped is not counted").hasSize(dropped);
  }

  @Test
  void withoutCompletionsTheFirstSuccessEndsTheMaking() {
    Job job = job(s -> s.completions(null).parallelism(2));
    assertThat(created(decide(job, List.of()))).hasSize(2);
    Plan plan = decide(job, List.of(pod(job, "Succeeded"), pod(job, "Running")));
    assertThat(created(plan)).isEmpty();
    assertThat(deleted(plan)).as("the others may go on").isEmpty();
    assertThat(conditions(status(plan))).isEmpty();
  }

  @Test
  void anEndIsNotedThenFreedThenCounted() {
    Job job = job(s -> s);
    Pod done = pod(job, "Succeeded");
    Plan noted = decide(job, List.of(done));
    assertThat(status(noted).uncountedTerminatedPods())
        .isEqualTo(UncountedTerminatedPods.builder().succeeded(List.of("pod-1")).build());
    assertThat(status(noted).succeeded()).isNull();
    assertThat(untracked(noted)).isEmpty();
    Job next = job.withStatus(status(noted));
    Plan freed = decide(next, List.of(done));
    assertThat(untracked(freed)).containsExactly("sum-1");
    Pod free = done.withMetadata(done.metadata().withFinalizers(List.of()));
    assertThat(status(decide(next, List.of(free))).succeeded()).isEqualTo(1);
    assertThat(status(decide(next, List.of())).succeeded()).as("gone meanwhile").isEqualTo(1);
  }

  @Test
  void atMostFiveHundredEndsAreNotedAtOnce() {
    Job job = job(s -> s.completions(2000).parallelism(600));
    List<Pod> many = IntStream.range(0, 600).mapToObj(i -> pod(job, "Succeeded")).toList();
    assertThat(noted(decide(job, many)).succeeded()).hasSize(500);
  }

  @Test
  void aNotedFailureThatEndsWellAfterAllIsCountedOnce() {
    Job job = job(s -> s);
    Pod pod = pod(job, "Succeeded");
    Job noted =
        job.withStatus(
            job.status()
                .withUncountedTerminatedPods(
                    UncountedTerminatedPods.builder().failed(List.of("pod-1")).build()));
    Plan plan = decide(noted, List.of(pod));
    assertThat(untracked(plan)).containsExactly("sum-1");
    assertThat(noted(plan).succeeded()).isEmpty();
  }

  @ParameterizedTest(name = "{0} under {1}: {2} made")
  @CsvSource({
    "terminating, TerminatingOrFailed, 1",
    "terminating, Failed, 0",
    "failed, TerminatingOrFailed, 1",
    "failed, Failed, 1",
  })
  void aPodIsReplacedByThePolicy(String state, String policy, int made) {
    Job job = job(s -> s.completions(1).parallelism(1).podReplacementPolicy(policy));
    Pod pod =
        state.equals("failed")
            ? exited(pod(job, "Failed"), 1, NOW.minusSeconds(60))
            : terminating(pod(job, "Running"))
                .withMetadata(
                    terminating(pod(job, "Running"))
                        .metadata()
                        .withDeletionTimestamp(NOW.minusSeconds(40)));
    assertThat(created(decide(job, List.of(pod)))).hasSize(made);
  }

  @ParameterizedTest(name = "{0} failures in a row, the last {1} s ago: wait {2} s")
  @CsvSource({"1, 3, 7", "1, 10, 0", "2, 3, 17", "3, 0, 40", "9, 0, 600", "0, 0, 0"})
  void eachFurtherFailureDoublesTheWait(int failures, int ago, long wait) {
    Job job = job(s -> s.completions(1).parallelism(1).backoffLimit(100));
    List<Pod> failed =
        IntStream.range(0, failures)
            .mapToObj(i -> exited(pod(job, "Failed"), 1, NOW.minusSeconds(ago)))
            .toList();
    Plan plan = decide(job, failed);
    assertThat(created(plan)).hasSize(wait == 0 ? 1 : 0);
    if (wait > 0) {
      assertThat(plan.again()).contains(Duration.ofSeconds(wait));
    }
  }

  @Test
  void aSuccessEndsTheWait() {
    Job job = job(s -> s.completions(9).parallelism(1));
    Pod failed = exited(pod(job, "Failed"), 1, NOW.minusSeconds(3));
    Pod good = exited(pod(job, "Succeeded"), 0, NOW.minusSeconds(2));
    assertThat(created(decide(job, List.of(failed, good)))).hasSize(1);
  }

  @Test
  void eachIndexWaitsByItself() {
    Job job = indexed(s -> s.completions(3).parallelism(3).backoffLimitPerIndex(5));
    Pod early = exited(pod(job, "Failed", 0, 1), 1, NOW.minusSeconds(5));
    Pod late = exited(pod(job, "Failed", 1, 0), 1, NOW.minusSeconds(60));
    Plan plan = decide(job, List.of(early, late));
    assertThat(createdIndexes(plan)).containsExactly("1", "2");
    assertThat(plan.again()).contains(Duration.ofSeconds(15));
    assertThat(created(plan).getFirst().metadata().annotations())
        .containsEntry("batch.kubernetes.io/job-index-failure-count", "1");
    assertThat(status(plan).uncountedTerminatedPods())
        .as("the last failed pod of an index is held until the next is there")
        .isEqualTo(UncountedTerminatedPods.EMPTY);
    Pod next = pod(job, "Running", 1, 1);
    assertThat(noted(decide(job, List.of(early, late, next))).failed()).containsExactly("pod-2");
  }

  @Test
  void anIgnoredFailureOfAnIndexCountsForTheWaitOnly() {
    Job job =
        indexed(
            s ->
                s.completions(1)
                    .parallelism(1)
                    .backoffLimitPerIndex(0)
                    .podReplacementPolicy("Failed")
                    .podFailurePolicy(policy("Ignore", 7)));
    Pod failed = exited(pod(job, "Failed", 0, 0), 7, NOW.minusSeconds(60));
    Plan plan = decide(job, List.of(failed));
    assertThat(created(plan).getFirst().metadata().annotations())
        .containsEntry("batch.kubernetes.io/job-index-failure-count", "0")
        .containsEntry("batch.kubernetes.io/job-index-ignored-failure-count", "1");
    assertThat(status(plan).failedIndexes()).isEqualTo("");
  }

  private static PodFailurePolicy policy(String action, int code) {
    return PodFailurePolicy.builder()
        .rules(
            List.of(
                PodFailurePolicyRule.builder()
                    .action(action)
                    .onExitCodes(
                        PodFailurePolicyOnExitCodesRequirement.builder()
                            .operator("In")
                            .values(List.of(code))
                            .build())
                    .build()))
        .build();
  }

  @ParameterizedTest(name = "exit {1} under {0}: {2}")
  @CsvSource({
    "FailJob, 7, FailureTarget=True PodFailurePolicy",
    "FailJob, 8, ''",
    "Ignore, 7, ''",
    "Count, 7, FailureTarget=True BackoffLimitExceeded",
    "Ignore, 8, FailureTarget=True BackoffLimitExceeded",
  })
  void theFailurePolicyRules(String action, int code, String expected) {
    Job job =
        job(
            s ->
                s.backoffLimit(action.equals("FailJob") ? 6 : 0)
                    .podReplacementPolicy("Failed")
                    .podFailurePolicy(policy(action, 7)));
    Plan plan = decide(job, List.of(exited(pod(job, "Failed"), code, NOW.minusSeconds(60))));
    assertThat(String.join(",", conditions(status(plan)))).isEqualTo(expected);
  }

  @Test
  void anIndexThatThePolicyFailsIsNotTriedAgain() {
    Job job =
        indexed(
            s ->
                s.completions(2)
                    .parallelism(2)
                    .backoffLimitPerIndex(5)
                    .podReplacementPolicy("Failed")
                    .podFailurePolicy(policy("FailIndex", 7)));
    Plan plan = decide(job, List.of(exited(pod(job, "Failed", 0, 0), 7, NOW.minusSeconds(60))));
    assertThat(createdIndexes(plan)).containsExactly("1");
    assertThat(status(plan).failedIndexes()).isEqualTo("0");
  }

  @ParameterizedTest(name = "failed indexes {0} of at most {1}, completed {2}: {3}")
  @CsvSource({
    "'0,1', 1, '',  FailureTarget=True MaxFailedIndexesExceeded",
    "'0',   1, '',  ''",
    "'0',   ,  1-2, FailureTarget=True FailedIndexes",
    "'',    ,  0-2, SuccessCriteriaMet=True CompletionsReached",
  })
  void indexesThatFailEndTheJob(String failed, Integer most, String completed, String expected) {
    Job job = indexed(s -> s.backoffLimitPerIndex(0).maxFailedIndexes(most));
    Job seen =
        job.withStatus(
            job.status()
                .withFailedIndexes(failed)
                .withCompletedIndexes(completed.isEmpty() ? null : completed));
    JobStatus status = status(decide(seen, List.of()));
    assertThat(conditions(status))
        .contains(expected.isEmpty() ? new String[0] : new String[] {expected});
    assertThat(conditions(status).isEmpty()).isEqualTo(expected.isEmpty());
  }

  @ParameterizedTest(name = "indexes {0}, count {1}, completed {2}: {3}")
  @CsvSource({
    "'0,2', ,  '0-1', false",
    "'0,2', ,  '0,2', true",
    "'0-2', 2, '1-2', true",
    "'',    2, '3-4', true",
    "'',    3, '3-4', false",
  })
  void theSuccessPolicyEndsTheJobEarly(
      String indexes, Integer count, String completed, boolean met) {
    Job job =
        indexed(
            s ->
                s.completions(5)
                    .successPolicy(
                        SuccessPolicy.builder()
                            .rules(
                                List.of(
                                    SuccessPolicyRule.builder()
                                        .succeededIndexes(indexes.isEmpty() ? null : indexes)
                                        .succeededCount(count)
                                        .build()))
                            .build()));
    Job seen = job.withStatus(job.status().withCompletedIndexes(completed));
    Pod running = pod(job, "Running", 0, 0);
    Plan plan = decide(seen, List.of(running));
    assertThat(conditions(status(plan)).contains("SuccessCriteriaMet=True SuccessPolicy"))
        .isEqualTo(met);
    assertThat(deleted(plan).contains("sum-1")).as("the rest goes").isEqualTo(met);
    if (met) {
      assertThat(untracked(plan)).as("and is not counted as failed").containsExactly("sum-1");
    }
  }

  @Test
  void whatStillRunsWhenAJobFailsHasFailedToo() {
    Job job = job(s -> s.activeDeadlineSeconds(600L));
    Pod running = pod(job, "Running");
    Plan plan = decide(job, List.of(running));
    assertThat(deleted(plan)).containsExactly("sum-1");
    assertThat(conditions(status(plan))).containsExactly("FailureTarget=True DeadlineExceeded");
    assertThat(noted(plan).failed()).containsExactly("pod-1");
    Job failing = job.withStatus(status(plan));
    Plan free = decide(failing, List.of(terminating(running)));
    assertThat(untracked(free)).containsExactly("sum-1");
    assertThat(conditions(status(free))).as("it still stops").hasSize(1);
    JobStatus last = status(decide(failing, List.of()));
    assertThat(conditions(last)).contains("Failed=True DeadlineExceeded");
    assertThat(last.failed()).isEqualTo(1);
    assertThat(last.completionTime()).isNull();
  }

  @Test
  void failureComesBeforeSuccess() {
    Job job = job(s -> s.completions(1).backoffLimit(0));
    Plan plan =
        decide(
            job,
            List.of(exited(pod(job, "Failed"), 1, NOW), exited(pod(job, "Succeeded"), 0, NOW)));
    assertThat(conditions(status(plan))).containsExactly("FailureTarget=True BackoffLimitExceeded");
  }

  @Test
  void aSmallerIndexedJobDropsWhatLiesBeyond() {
    Job job = indexed(s -> s.completions(2).parallelism(2));
    Job seen = job.withStatus(job.status().withCompletedIndexes("3"));
    Plan plan =
        decide(
            seen,
            List.of(
                pod(job, "Running", 0, 0),
                pod(job, "Running", 1, 0),
                pod(job, "Running", 2, 0),
                pod(job, "Pending", 1, 0)));
    assertThat(deleted(plan)).containsExactlyInAnyOrder("sum-3", "sum-4");
    assertThat(status(plan).completedIndexes()).isNull();
  }

  @Test
  void suspendingStopsThePodsAndKeepsTheNumbers() {
    Job job = job(s -> s.suspend(true));
    Plan plan = decide(job, List.of(pod(job, "Running"), pod(job, "Succeeded")));
    assertThat(deleted(plan)).containsExactly("sum-1");
    assertThat(conditions(status(plan))).containsExactly("Suspended=True JobSuspended");
    assertThat(noted(plan).failed()).isEmpty();
    Job resumed = with(job(s -> s), condition("Suspended", "True"));
    JobStatus status = status(decide(resumed, List.of()));
    assertThat(conditions(status)).containsExactly("Suspended=False JobResumed");
    assertThat(status.startTime()).as("the deadline counts anew").isEqualTo(NOW);
  }

  @Test
  void whoIsManagedElsewhereIsLeftAlone() {
    Job job = job(s -> s.managedBy("example.com/queue"));
    Pod orphan = pod(job, "Running");
    Pod free = orphan.withMetadata(orphan.metadata().withOwnerReferences(List.of()));
    assertThat(decide(job, List.of(free))).isEqualTo(Plan.NOTHING);
  }

  @ParameterizedTest(name = "finished 100 s ago, kept {0} s: deleted {1}")
  @CsvSource({"60, true", "100, true", "101, false", ", false"})
  void aFinishedJobGoesWhenItsTimeHasCome(Integer seconds, boolean goes) {
    Job job = with(job(s -> s.ttlSecondsAfterFinished(seconds)), condition("Complete", "True"));
    assertThat(deleted(decide(job, List.of())).contains("sum")).isEqualTo(goes);
  }

  @Test
  void restartsInPlaceCountAgainstTheLimit() {
    Job job = job(s -> s.backoffLimit(2));
    PodTemplateSpec template = job.spec().template();
    Job inPlace =
        job.withSpec(
            job.spec()
                .withTemplate(template.withSpec(template.spec().withRestartPolicy("OnFailure"))));
    Pod pod = pod(job, "Running");
    ContainerStatus restarted = ContainerStatus.builder().name("main").restartCount(2).build();
    Pod again = pod.withStatus(pod.status().withContainerStatuses(List.of(restarted)));
    assertThat(conditions(status(decide(inPlace, List.of(again)))))
        .containsExactly("FailureTarget=True BackoffLimitExceeded");
  }

  @Test
  void aLongNameKeepsTheIndexInTheNamesOfPods() {
    Job job = indexed(s -> s);
    Job named = job.withMetadata(job.metadata().withName("x".repeat(63)));
    assertThat(created(decide(named, List.of())).getFirst().metadata().generateName())
        .hasSize(58)
        .endsWith("x-0-");
  }

  @Test
  void aSecondLookAtTheSameChangesNothing() {
    Job job = job(s -> s);
    List<Pod> running = IntStream.range(0, 3).mapToObj(i -> pod(job, "Running")).toList();
    Job told = job.withStatus(status(decide(job, running)));
    for (Change change : decide(told, running).changes()) {
      assertThat(change)
          .isInstanceOfSatisfying(
              Change.UpdateStatus.class, u -> assertThat(u.after()).isEqualTo(u.before()));
    }
  }
}
