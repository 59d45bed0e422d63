package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.match.BatchMarks;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest extends JobScene {
  private static Job job(Map<String, String> annotations, Map<String, String> labels) {
    return Job.builder()
        .metadata(
            ObjectMeta.builder().name("train").annotations(annotations).labels(labels).build())
        .spec(JobSpec.builder().parallelism(4).completions(10).build())
        .build();
  }

  @Test
  void thePodsOfAPlainJobAreNotMarked() {
    ObjectMeta meta = ObjectMeta.builder().name("x").build();

    assertThat(Batch.mark(meta, job(Map.of(), Map.of()), 4)).isEqualTo(meta);
    assertThat(Batch.mark(meta, job(Map.of(BatchMarks.GANG, "false"), Map.of()), 4))
        .isEqualTo(meta);
  }

  @Test
  void aGangOfAJobIsMarked() {
    Job job = job(Map.of(BatchMarks.GANG, "true", BatchMarks.GANG_TIMEOUT, "90s"), Map.of());

    assertThat(Batch.mark(ObjectMeta.EMPTY, job, 4).annotations())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                BatchMarks.GANG, "train",
                BatchMarks.GANG_SIZE, "4",
                BatchMarks.GANG_TIMEOUT, "90s"));
  }

  private static Job gang() {
    Job job = JobScene.job(s -> s.completions(10).parallelism(4));
    return job.withMetadata(job.metadata().withAnnotations(Map.of(BatchMarks.GANG, "true")));
  }

  private static Map<String, String> size(String size) {
    return Map.of(BatchMarks.GANG, "sum", BatchMarks.GANG_SIZE, size);
  }

  @ParameterizedTest(name = "{0} have succeeded, {1} run: pods are told of a gang of {2}")
  @CsvSource({"0, 3, 4", "6, 3, 4", "7, 2, 3", "8, 1, 2", "9, 0, 1"})
  void aGangIsAsLargeAsWhatIsLeftToRunSideBySide(int succeeded, int running, String size) {
    Job job = gang();
    Job seen = job.withStatus(job.status().withSucceeded(succeeded));
    List<Pod> pods = IntStream.range(0, running).mapToObj(i -> pod(seen, "Running")).toList();

    assertThat(created(decide(seen, pods)))
        .singleElement()
        .satisfies(
            made -> assertThat(made.metadata().annotations()).containsAllEntriesOf(size(size)));
  }

  @Test
  void whoWaitsIsToldOfAGangThatHasBecomeSmaller() {
    Job job = gang();
    Job seen = job.withStatus(job.status().withSucceeded(8));
    Pod waits = marked(pod(seen, "Pending"), "4");
    Pod runs = marked(pod(seen, "Running"), "4");
    Plan plan = decide(seen, List.of(waits.withSpec(waits.spec().withNodeName(null)), runs));

    assertThat(plan.changes())
        .filteredOn(c -> c instanceof Change.Update<?>)
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Update.class,
            c -> {
              assertThat(c.after().metadata().name()).isEqualTo(waits.metadata().name());
              assertThat(c.after().metadata().annotations()).isEqualTo(size("2"));
            });
  }

  private static Pod marked(Pod pod, String size) {
    return pod.withMetadata(pod.metadata().withAnnotations(size(size)));
  }

  @Test
  void whatTheTemplateSaysItselfCounts() {
    ObjectMeta meta =
        ObjectMeta.builder()
            .annotations(Map.of(BatchMarks.GANG, "all", BatchMarks.GANG_SIZE, "12"))
            .labels(Map.of(BatchMarks.QUEUE, "mine"))
            .build();
    Job job = job(Map.of(BatchMarks.GANG, "true"), Map.of(BatchMarks.QUEUE, "others"));

    assertThat(Batch.mark(meta, job, 4)).isEqualTo(meta);
  }

  @Test
  void theQueueIsPassedOn() {
    assertThat(
            Batch.mark(ObjectMeta.EMPTY, job(Map.of(), Map.of(BatchMarks.QUEUE, "a")), 4).labels())
        .containsEntry(BatchMarks.QUEUE, "a");
  }
}
