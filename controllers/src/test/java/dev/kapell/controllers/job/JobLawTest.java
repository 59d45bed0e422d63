package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.base.Randomness;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A Job in a world where pods end and are deleted as it comes, and where the controller may stop
 * after any of its writes. What really ended is counted beside it.
 */
class JobLawTest {
  private final Set<String> succeeded = new HashSet<>();
  private final Set<String> failed = new HashSet<>();
  private final Map<Integer, Integer> failedByIndex = new HashMap<>();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everyEndIsCountedOnceWhereverTheControllerStops(long seed) {
    Randomness random = Randomness.seeded(seed);
    World world = new World();
    int completions = 1 + random.nextInt(12);
    boolean indexed = random.nextInt(2) == 0;
    world.create(Types.JOB, job(completions, 1 + random.nextInt(5), indexed));
    for (int i = 0; i < 5000 && !isOver(world); i++) {
      step(world, random);
    }
    JobStatus status = world.get(Types.JOB, "default", "sum").status();
    assertThat(isOver(world)).as("the Job ends, seed %d: %s", seed, status).isTrue();
    assertThat(status.succeededOr(0)).as("succeeded, seed %d", seed).isEqualTo(completions);
    if (!indexed) {
      assertThat(succeeded).as("really succeeded, seed %d", seed).hasSize(completions);
    } else {
      assertThat(status.completedIndexes())
          .isEqualTo(completions == 1 ? "0" : "0-" + (completions - 1));
    }
    assertThat(status.failedOr(0)).as("failed, seed %d", seed).isEqualTo(failed.size());
    world.apply(decide(world));
    assertThat(world.pods()).noneMatch(JobPods::isTracked);
    assertThat(decide(world).changes()).as("quiet, seed %d", seed).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void eachIndexFailsByItselfAndNoFailureIsForgotten(long seed) {
    Randomness random = Randomness.seeded(seed);
    World world = new World();
    int completions = 1 + random.nextInt(6);
    int limit = random.nextInt(3);
    Job job = job(completions, 1 + random.nextInt(4), true);
    world.create(
        Types.JOB,
        job.withSpec(
            job.spec().withBackoffLimit(Integer.MAX_VALUE).withBackoffLimitPerIndex(limit)));
    for (int i = 0; i < 9000 && !isOver(world); i++) {
      step(world, random);
    }
    JobStatus status = world.get(Types.JOB, "default", "sum").status();
    assertThat(isOver(world)).as("the Job ends, seed %d: %s", seed, status).isTrue();
    assertThat(status.failedOr(0)).as("failed, seed %d", seed).isEqualTo(failed.size());
    Set<Integer> bad = Indexes.parse(status.failedIndexesOr(""));
    Set<Integer> good = Indexes.parse(status.completedIndexesOr(""));
    assertThat(bad.size() + good.size()).as("indexes, seed %d", seed).isEqualTo(completions);
    assertThat(Run.has(status, "Failed")).isEqualTo(!bad.isEmpty());
    for (int index = 0; index < completions; index++) {
      int failures = failedByIndex.getOrDefault(index, 0);
      if (bad.contains(index)) {
        assertThat(failures).as("index %d, seed %d", index, seed).isEqualTo(limit + 1);
      } else {
        assertThat(failures).as("index %d, seed %d", index, seed).isLessThanOrEqualTo(limit);
      }
    }
  }

  private static Job job(int completions, int parallelism, boolean indexed) {
    PodTemplateSpec template = Make.template("sum", "sum:1");
    return Job.builder()
        .metadata(Make.meta("sum"))
        .spec(
            JobSpec.builder()
                .completions(completions)
                .parallelism(parallelism)
                .backoffLimit(1000)
                .completionMode(indexed ? "Indexed" : "NonIndexed")
                .selector(Make.selector("sum"))
                .template(template.withSpec(template.spec().withRestartPolicy("Never")))
                .build())
        .build();
  }

  private static boolean isOver(World world) {
    JobStatus status = world.get(Types.JOB, "default", "sum").status();
    return Run.has(status, "Complete") || Run.has(status, "Failed");
  }

  private static Plan decide(World world) {
    Job job = world.get(Types.JOB, "default", "sum");
    return Run.decide(new Run.Seen(Optional.of(job), world.pods(), List.of()), world.now());
  }

  private void step(World world, Randomness random) {
    world.pass(random.nextInt(60));
    if (random.nextInt(2) == 0) {
      Plan plan = decide(world);
      int done =
          random.nextInt(3) == 0 ? random.nextInt(plan.changes().size() + 1) : Integer.MAX_VALUE;
      world.apply(new Plan(plan.changes().stream().limit(done).toList(), plan.again()));
      return;
    }
    List<Pod> pods = world.pods();
    if (pods.isEmpty()) {
      return;
    }
    Pod pod = pods.get(random.nextInt(pods.size()));
    String uid = pod.metadata().uidOr("");
    if (Pods.isFinished(pod) || Pods.isTerminating(pod)) {
      if (pod.metadata().finalizers().isEmpty()) {
        world.remove(Types.POD, pod); // collected once nothing holds it
      }
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> {
        fail(uid, pod);
        world.put(Types.POD, pod.withStatus(pod.status().withPhase("Failed")));
      }
      case 1 -> {
        if (random.nextInt(3) == 0) { // somebody deletes it
          fail(uid, pod);
          world.put(Types.POD, pod.withMetadata(pod.metadata().withDeletionTimestamp(world.now())));
        }
      }
      default -> {
        succeeded.add(uid);
        world.put(Types.POD, pod.withStatus(pod.status().withPhase("Succeeded")));
      }
    }
  }

  private void fail(String uid, Pod pod) {
    failed.add(uid);
    JobPods.index(pod).ifPresent(index -> failedByIndex.merge(index, 1, Integer::sum));
  }
}
