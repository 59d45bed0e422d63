package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.PodFailurePolicy;
import dev.kapell.api.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import dev.kapell.api.batch.v1.PodFailurePolicyRule;
import dev.kapell.api.batch.v1.UncountedTerminatedPods;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.control.loop.Plan;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures count, how long they are waited after, and when they end the Job. */
class JobFailureTest extends JobScene {
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
}
