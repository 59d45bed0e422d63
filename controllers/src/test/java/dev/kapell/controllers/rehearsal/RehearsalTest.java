package dev.kapell.controllers.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ApiObject;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetSpec;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, String> LABELS = Map.of("app", "web");

  private final Rehearsal rehearsal = new Rehearsal(List.of(node("a"), node("b")), NOW, pod -> pod);

  /** The pods that are there, by name. */
  private final Map<String, Pod> there = new LinkedHashMap<>();

  private static Node node(String name) {
    return Node.builder().metadata(ObjectMeta.builder().name(name).build()).build();
  }

  private static ObjectMeta meta(String name) {
    return ObjectMeta.builder().namespace("default").name(name).uid("uid-" + name).build();
  }

  private static PodTemplateSpec template(String image) {
    return PodTemplateSpec.builder()
        .metadata(ObjectMeta.builder().labels(LABELS).build())
        .spec(
            PodSpec.builder()
                .containers(List.of(Container.builder().name("main").image(image).build()))
                .build())
        .build();
  }

  private static LabelSelector selector() {
    return LabelSelector.builder().matchLabels(LABELS).build();
  }

  private static Deployment deployment(int replicas, String image) {
    return Deployment.builder()
        .metadata(meta("web"))
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(selector())
                .template(template(image))
                .build())
        .build();
  }

  /** Lets everything happen, every pod gets a node; returns how many pods there were at most. */
  private int run(ApiObject workload) {
    rehearsal.put(workload);
    int most = 0;
    for (int i = 0; i < 100; i++) {
      Rehearsal.Round round = rehearsal.round();
      round.deleted().forEach(pod -> there.remove(pod.metadata().nameOr("")));
      for (Pod pod : round.created()) {
        Pod bound = pod.withSpec(pod.spec().withNodeName(nodeOf(pod)));
        there.put(pod.metadata().nameOr(""), bound);
        rehearsal.started(bound);
      }
      most = Math.max(most, there.size());
      if (!round.changed()) {
        return most;
      }
    }
    throw new AssertionError("no rest after 100 rounds");
  }

  /** The node that a daemon's pod is for, else any. */
  private static String nodeOf(Pod pod) {
    Affinity affinity = pod.spec().affinity();
    if (affinity == null || affinity.nodeAffinity() == null) {
      return "a";
    }
    NodeSelector required =
        Objects.requireNonNull(
            affinity.nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution());
    return required.nodeSelectorTerms().getFirst().matchFields().getFirst().values().getFirst();
  }

  @Test
  void aDeploymentMakesItsPodsThroughAReplicaSet() {
    run(deployment(3, "v1"));

    assertThat(there).hasSize(3);
    assertThat(there.values())
        .allSatisfy(
            pod ->
                assertThat(rehearsal.madeFor(pod).metadata().name())
                    .as("made for")
                    .isEqualTo("web"));
  }

  @Test
  void aRolloutReplacesEveryPodAndSurgesNoMoreThanItMay() {
    run(deployment(4, "v1"));
    List<String> old = new ArrayList<>(there.keySet());

    int most = run(deployment(4, "v2"));

    assertThat(there).hasSize(4).doesNotContainKeys(old.toArray(String[]::new));
    assertThat(most).isEqualTo(5);
  }

  @Test
  void aStatefulSetCountsUp() {
    run(
        StatefulSet.builder()
            .metadata(meta("db"))
            .spec(
                StatefulSetSpec.builder()
                    .replicas(3)
                    .selector(selector())
                    .template(template("db"))
                    .build())
            .build());

    assertThat(there).containsOnlyKeys("db-0", "db-1", "db-2");
  }

  @Test
  void aDaemonSetHasOnePodForEachNode() {
    run(
        DaemonSet.builder()
            .metadata(meta("agent"))
            .spec(DaemonSetSpec.builder().selector(selector()).template(template("a")).build())
            .build());

    assertThat(there).hasSize(2);
  }

  @Test
  void aJobRunsSideBySideWhatItMay() {
    run(
        Job.builder()
            .metadata(meta("sum"))
            .spec(
                JobSpec.builder()
                    .parallelism(2)
                    .completions(10)
                    .selector(selector())
                    .template(template("sum"))
                    .build())
            .build());

    assertThat(there).hasSize(2);
  }

  @Test
  void scalingDownTakesPodsAway() {
    run(deployment(3, "v1"));

    run(deployment(1, "v1"));

    assertThat(there).hasSize(1);
  }
}
