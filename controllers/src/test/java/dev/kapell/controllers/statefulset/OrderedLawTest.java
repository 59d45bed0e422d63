package dev.kapell.controllers.statefulset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.RollingUpdateStatefulSetStrategy;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.api.apps.v1.StatefulSetUpdateStrategy;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.base.Randomness;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A StatefulSet in a world where nodes are slow, templates and sizes change at any time, and the
 * controller may stop after any of its writes. Deleted pods stay until their node lets them go.
 */
class OrderedLawTest {
  private static final String NODE = "example.com/node";

  private boolean orderly;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void stepByStepWithinTheBudgetToTheEnd(long seed) {
    Randomness random = Randomness.seeded(seed);
    World world = new World();
    orderly = random.nextInt(2) == 0;
    int replicas = 1 + random.nextInt(6);
    int most = 1 + random.nextInt(3);
    world.create(Types.STATEFUL_SET, set(replicas, most));
    settle(world, random, seed);
    for (int version = 2; version <= 4; version++) {
      String image = "db:" + version;
      edit(world, s -> s.withTemplate(template(image)));
      int steps = random.nextInt(40);
      for (int i = 0; i < steps; i++) {
        step(world, random);
        assertThat(available(world))
            .as("available, seed %d", seed)
            .isGreaterThanOrEqualTo(replicas - most);
      }
    }
    for (int round = 0; round < 3; round++) {
      int size = random.nextInt(7);
      edit(world, s -> s.withReplicas(size));
      int steps = random.nextInt(40);
      for (int i = 0; i < steps; i++) {
        step(world, random);
      }
    }
    settle(world, random, seed);
    StatefulSet set = set(world);
    assertThat(world.pods())
        .as("seed %d", seed)
        .hasSize(set.spec().replicasOr(-1))
        .allMatch(p -> "db:4".equals(p.spec().containers().getFirst().image()));
    assertThat(set.status().currentRevision()).isEqualTo(set.status().updateRevision());
    for (Change change : decide(world).changes()) {
      assertThat(change)
          .as("quiet, seed %d", seed)
          .isInstanceOfSatisfying(
              Change.UpdateStatus.class, u -> assertThat(u.after()).isEqualTo(u.before()));
    }
  }

  private StatefulSet set(int replicas, int most) {
    return StatefulSet.builder()
        .metadata(Make.meta("db"))
        .spec(
            StatefulSetSpec.builder()
                .replicas(replicas)
                .serviceName("db")
                .podManagementPolicy(orderly ? "OrderedReady" : "Parallel")
                .selector(Make.selector("db"))
                .template(template("db:1"))
                .updateStrategy(
                    StatefulSetUpdateStrategy.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateStatefulSetStrategy.builder()
                                .partition(0)
                                .maxUnavailable(IntOrString.of(most))
                                .build())
                        .build())
                .build())
        .build();
  }

  private static PodTemplateSpec template(String image) {
    PodTemplateSpec template = Make.template("db", image);
    return template.withMetadata(template.metadata().withFinalizers(List.of(NODE)));
  }

  private static StatefulSet set(World world) {
    return world.get(Types.STATEFUL_SET, "default", "db");
  }

  private static void edit(World world, UnaryOperator<StatefulSetSpec> edit) {
    StatefulSet set = set(world);
    long generation = set.metadata().generationOr(1L) + 1;
    world.put(
        Types.STATEFUL_SET,
        set.withSpec(edit.apply(set.spec()))
            .withMetadata(set.metadata().withGeneration(generation)));
  }

  private static Plan decide(World world) {
    return Ordered.decide(
        new Ordered.Seen(
            set(world),
            world.pods(),
            world.all(Types.CONTROLLER_REVISION),
            false,
            Map.of(),
            Optional.empty()),
        world.now());
  }

  private static long available(World world) {
    return world.pods().stream().filter(p -> Pods.isReady(p) && !Pods.isTerminating(p)).count();
  }

  private void settle(World world, Randomness random, long seed) {
    for (int i = 0; i < 5000 && !isSettled(world); i++) {
      step(world, random);
    }
    assertThat(isSettled(world)).as("it ends, seed %d: %s", seed, set(world).status()).isTrue();
  }

  private static boolean isSettled(World world) {
    StatefulSet set = set(world);
    int replicas = set.spec().replicasOr(0);
    return set.status().observedGenerationOr(0L).equals(set.metadata().generation())
        && set.status().updatedReplicasOr(0) == replicas
        && set.status().replicasOr(0) == replicas
        && set.status().readyReplicasOr(0) == replicas
        && world.pods().size() == replicas
        && available(world) == replicas;
  }

  private void step(World world, Randomness random) {
    world.pass(random.nextInt(3));
    if (random.nextInt(2) == 0) {
      Plan plan = decide(world);
      if (orderly) {
        check(world, plan);
      }
      boolean stops = random.nextInt(3) == 0;
      int done = stops ? random.nextInt(plan.changes().size() + 1) : Integer.MAX_VALUE;
      world.apply(new Plan(plan.changes().stream().limit(done).toList(), plan.again()));
      return;
    }
    List<Pod> pods = world.pods();
    if (pods.isEmpty()) {
      return;
    }
    Pod pod = pods.get(random.nextInt(pods.size()));
    if (Pods.isTerminating(pod)) {
      world.remove(Types.POD, pod);
    } else if (!Pods.isReady(pod)) {
      world.put(Types.POD, Make.ready(pod, world.now()));
    }
  }

  /** In order, a pod is made when all below it work, and one number is made at a time. */
  private static void check(World world, Plan plan) {
    List<Integer> made =
        plan.changes().stream()
            .filter(c -> c instanceof Change.Create<?> create && create.type().equals(Types.POD))
            .map(c -> (Pod) ((Change.Create<?>) c).object())
            .map(pod -> Identity.ordinal(set(world), pod).orElseThrow())
            .toList();
    assertThat(made).hasSizeLessThanOrEqualTo(1);
    for (int number : made) {
      for (int below = 0; below < number; below++) {
        ObjectKey key = new ObjectKey("default", "db-" + below);
        assertThat(world.find(Types.POD, key.namespace(), key.name()))
            .hasValueSatisfying(
                p -> assertThat(Pods.isReady(p) && !Pods.isTerminating(p)).isTrue());
      }
    }
  }
}
