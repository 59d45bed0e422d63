package dev.kapell.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Randomness;
import dev.kapell.controllers.replicaset.ReplicaSetSteps;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deployments, ReplicaSets and pods in a world where everything happens in a random order. */
class RolloutLawTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void neverMoreThanTheSurgeNorFewerAvailableThanAllowedAndItEnds(long seed) {
    Randomness random = Randomness.seeded(seed);
    World world = new World();
    int replicas = 1 + random.nextInt(9);
    int surge = random.nextInt(4);
    int unavailable = surge == 0 ? 1 + random.nextInt(2) : random.nextInt(3);
    world.create(Types.DEPLOYMENT, deployment(replicas, surge, unavailable));
    settle(world, random);
    int floor = Math.max(0, replicas - Math.min(unavailable, replicas));
    for (int version = 2; version <= 5; version++) {
      Deployment before = deployment(world);
      world.put(
          Types.DEPLOYMENT,
          before
              .withSpec(before.spec().withTemplate(Make.template("web", "web:" + version)))
              .withMetadata(
                  before.metadata().withGeneration(before.metadata().generationOr(1L) + 1)));
      int steps = random.nextInt(60);
      for (int i = 0; i < steps; i++) {
        step(world, random);
        check(world, seed, replicas + surge, floor);
      }
    }
    for (int i = 0; i < 3000 && !isSettled(world); i++) {
      step(world, random);
      check(world, seed, replicas + surge, floor);
    }
    assertThat(isSettled(world)).as("the rollout ends, seed %d", seed).isTrue();
    assertThat(world.pods())
        .as("all pods are new, seed %d", seed)
        .hasSize(replicas)
        .allMatch(p -> "web:5".equals(p.spec().containers().getFirst().image()));
    assertThat(deployment(world).metadata().annotations())
        .containsEntry("deployment.kubernetes.io/revision", "" + highestRevision(world));
  }

  private static long highestRevision(World world) {
    return world.all(Types.REPLICA_SET).stream().mapToLong(Revisions::of).max().orElse(0);
  }

  private static Deployment deployment(int replicas, int surge, int unavailable) {
    return Deployment.builder()
        .metadata(Make.meta("web"))
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(Make.selector("web"))
                .template(Make.template("web", "web:1"))
                .progressDeadlineSeconds(600)
                .strategy(
                    DeploymentStrategy.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateDeployment.builder()
                                .maxSurge(IntOrString.of(surge))
                                .maxUnavailable(IntOrString.of(unavailable))
                                .build())
                        .build())
                .build())
        .build();
  }

  private static Deployment deployment(World world) {
    return world.get(Types.DEPLOYMENT, "default", "web");
  }

  private static void settle(World world, Randomness random) {
    for (int i = 0; i < 3000 && !isSettled(world); i++) {
      step(world, random);
    }
    assertThat(isSettled(world)).isTrue();
  }

  private static boolean isSettled(World world) {
    Deployment deployment = deployment(world);
    return Progress.isComplete(deployment, deployment.status())
        && deployment.status().conditions().stream()
            .anyMatch(c -> c.reasonOr("").equals("NewReplicaSetAvailable"));
  }

  private static void step(World world, Randomness random) {
    world.pass(random.nextInt(3));
    switch (random.nextInt(4)) {
      case 0 -> world.apply(Rollout.decide(seen(world), world.now()));
      case 1 -> {
        List<ReplicaSet> sets = world.all(Types.REPLICA_SET);
        if (!sets.isEmpty()) {
          ReplicaSetSteps.step(world, sets.get(random.nextInt(sets.size())));
        }
      }
      default -> {
        List<Pod> pods = world.pods();
        if (!pods.isEmpty()) {
          Pod pod = pods.get(random.nextInt(pods.size()));
          if (!Pods.isReady(pod)) {
            world.put(Types.POD, Make.ready(pod, world.now()));
          }
        }
      }
    }
  }

  private static Rollout.Seen seen(World world) {
    Deployment deployment = deployment(world);
    Optional<ReplicaSet> namesake =
        world.find(Types.REPLICA_SET, "default", Rollout.currentName(deployment));
    return new Rollout.Seen(
        deployment, world.all(Types.REPLICA_SET), world.pods(), namesake, Optional.empty());
  }

  private static void check(World world, long seed, int most, int floor) {
    List<Pod> pods = world.pods();
    int wanted = world.all(Types.REPLICA_SET).stream().mapToInt(Fleet::wanted).sum();
    assertThat(wanted).as("wanted pods, seed %d", seed).isLessThanOrEqualTo(most);
    long available = pods.stream().filter(Pods::isReady).count();
    assertThat(available).as("available pods, seed %d", seed).isGreaterThanOrEqualTo(floor);
    assertThat(pods).allMatch(pod -> Owners.controllerOf(pod).isPresent());
  }
}
