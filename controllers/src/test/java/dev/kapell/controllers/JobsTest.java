package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.ApiFailure;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import org.junit.jupiter.api.Test;

/** Jobs and what they count. */
class JobsTest extends ClusterTest {
  @Test
  void aJobCountsEachEndOnceAndIsComplete() throws Exception {
    create("sum", JobSpec.builder().completions(5).parallelism(2).completionMode("Indexed"));
    await(
        "complete",
        () -> {
          list(Types.POD).stream().filter(Pods::isActive).forEach(this::succeed);
          return client.get(Types.JOB, key("sum")).status().conditions().stream()
              .anyMatch(c -> c.typeOr("").equals("Complete"));
        });
    var status = client.get(Types.JOB, key("sum")).status();
    assertThat(status.succeeded()).isEqualTo(5);
    assertThat(status.completedIndexes()).isEqualTo("0-4");
    assertThat(list(Types.POD)).hasSize(5);
    await(
        "no pod is held any more",
        () -> list(Types.POD).stream().allMatch(p -> p.metadata().finalizers().isEmpty()));
  }

  @Test
  void aJobThatIsDeletedHoldsNoPodBack() throws Exception {
    create("long", JobSpec.builder().parallelism(2).completions(2));
    await("two pods", () -> list(Types.POD).size() == 2);
    client.delete(
        Types.JOB, key("long"), DeleteOptions.builder().propagationPolicy("Background").build());
    await(
        "no pod is left",
        () -> {
          finishDeletions();
          return list(Types.POD).isEmpty();
        });
  }

  private void create(String name, JobSpec.Builder spec) {
    PodTemplateSpec template = bound(Make.template(name, name + ":1"));
    spec.template(template.withSpec(template.spec().withRestartPolicy("Never")));
    client.create(Types.JOB, Job.builder().metadata(Make.meta(name)).spec(spec.build()).build());
  }

  private void succeed(Pod pod) {
    try {
      client.updateStatus(Types.POD, pod.withStatus(pod.status().withPhase("Succeeded")));
    } catch (ApiFailure e) {
      assertThat(e.isConflict() || e.isNotFound()).as(e.getMessage()).isTrue();
    }
  }
}
