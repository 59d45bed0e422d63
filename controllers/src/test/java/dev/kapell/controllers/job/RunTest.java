package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.SuccessPolicy;
import dev.kapell.api.batch.v1.SuccessPolicyRule;
import dev.kapell.api.batch.v1.UncountedTerminatedPods;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made, dropped, counted and said. Failures: {@link JobFailureTest}. */
class RunTest extends JobScene {
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
    assertThat(status(plan).startTime()).as("its template may change").isNull();
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
