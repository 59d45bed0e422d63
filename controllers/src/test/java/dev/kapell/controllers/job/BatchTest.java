package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.match.BatchMarks;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {
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

    assertThat(Batch.mark(meta, job(Map.of(), Map.of()))).isEqualTo(meta);
    assertThat(Batch.mark(meta, job(Map.of(BatchMarks.GANG, "false"), Map.of()))).isEqualTo(meta);
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "6, 4", "8, 2", "9, 1", "10, 1"})
  void aGangIsAsLargeAsWhatIsLeftToRunSideBySide(int succeeded, String size) {
    Job job =
        job(Map.of(BatchMarks.GANG, "true", BatchMarks.GANG_TIMEOUT, "90s"), Map.of())
            .withStatus(JobStatus.builder().succeeded(succeeded).build());

    assertThat(Batch.mark(ObjectMeta.EMPTY, job).annotations())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                BatchMarks.GANG, "train",
                BatchMarks.GANG_SIZE, size,
                BatchMarks.GANG_TIMEOUT, "90s"));
  }

  @Test
  void whatTheTemplateSaysItselfCounts() {
    ObjectMeta meta =
        ObjectMeta.builder()
            .annotations(Map.of(BatchMarks.GANG, "all", BatchMarks.GANG_SIZE, "12"))
            .labels(Map.of(BatchMarks.QUEUE, "mine"))
            .build();
    Job job = job(Map.of(BatchMarks.GANG, "true"), Map.of(BatchMarks.QUEUE, "others"));

    assertThat(Batch.mark(meta, job)).isEqualTo(meta);
  }

  @Test
  void theQueueIsPassedOn() {
    assertThat(Batch.mark(ObjectMeta.EMPTY, job(Map.of(), Map.of(BatchMarks.QUEUE, "a"))).labels())
        .containsEntry(BatchMarks.QUEUE, "a");
  }
}
