package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.api.core.v1.PodAntiAffinity;
import dev.kapell.api.core.v1.PodSchedulingGate;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final Harness harness = new Harness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void podsSpreadOverNodesByWhatIsFree() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      harness.node(name, "4", n -> n);
    }
    for (int i = 0; i < 6; i++) {
      harness.create(Harness.pod("p" + i, "500m"));
    }
    for (String name : List.of("p0", "p1", "p2", "p3", "p4", "p5")) {
      Harness.await(name + " bound", () -> !harness.nodeOf(name).isEmpty());
    }
    for (String node : List.of("a", "b", "c")) {
      assertThat(harness.pods()).filteredOn(p -> node.equals(p.spec().nodeName())).hasSize(2);
    }
    Harness.await(
        "the event",
        () ->
            harness.client.list(Types.CORE_EVENT, ListQuery.in("default")).items().stream()
                .anyMatch(e -> e.messageOr("").startsWith("Successfully assigned default/p0 to")));
  }

  @Test
  void whatDoesNotFitIsExplainedAndGoesOnceItFits() throws Exception {
    harness.node("small", "1", n -> n);
    harness.node(
        "tainted",
        "8",
        n ->
            n.withSpec(
                n.spec()
                    .withTaints(
                        List.of(
                            Taint.builder()
                                .key("dedicated")
                                .value("db")
                                .effect("NoSchedule")
                                .build()))));
    harness.create(Harness.pod("big", "2"));
    Harness.await(
        "the explanation",
        () ->
            harness
                .explanation("big")
                .equals(
                    "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint"
                        + " {dedicated: db}. preemption: 0/2 nodes are available: 1 No preemption"
                        + " victims found for incoming pod, 1 Preemption is not helpful for"
                        + " scheduling. The closest is small, which lacks 1 cpu (asked 2, free"
                        + " 1)."));
    harness.node("large", "4", n -> n);
    Harness.await("bound", () -> harness.nodeOf("big").equals("large"));
  }

  @Test
  void aMoreImportantPodTakesThePlaceOfALessImportantOne() throws Exception {
    harness.node("only", "1", n -> n);
    harness.create(Harness.pod("low", "800m"));
    Harness.await("low bound", () -> harness.nodeOf("low").equals("only"));
    Pod high = Harness.pod("high", "800m");
    harness.create(high.withSpec(high.spec().withPriorityClassName("system-node-critical")));
    Harness.await(
        "low is on its way out",
        () ->
            harness
                .client
                .find(Types.POD, new ObjectKey("default", "low"))
                .map(p -> p.metadata().deletionTimestamp() != null)
                .orElse(true));
    harness.client.delete(
        Types.POD,
        new ObjectKey("default", "low"),
        DeleteOptions.builder().gracePeriodSeconds(0L).build());
    Harness.await("high bound", () -> harness.nodeOf("high").equals("only"));
  }

  @Test
  void podsThatRepelEachOtherAreOnDifferentNodes() throws Exception {
    harness.node("a", "4", n -> n);
    harness.node("b", "4", n -> n);
    PodAffinityTerm term =
        PodAffinityTerm.builder()
            .topologyKey("kubernetes.io/hostname")
            .labelSelector(LabelSelector.builder().matchLabels(Map.of("app", "web")).build())
            .build();
    Affinity affinity =
        Affinity.builder()
            .podAntiAffinity(
                PodAntiAffinity.builder()
                    .requiredDuringSchedulingIgnoredDuringExecution(List.of(term))
                    .build())
            .build();
    for (String name : List.of("p0", "p1", "p2")) {
      Pod pod = Harness.pod(name, "100m");
      harness.create(pod.withSpec(pod.spec().withAffinity(affinity)));
    }
    Harness.await(
        "two bound",
        () -> harness.pods().stream().filter(p -> p.spec().nodeName() != null).count() == 2);
    Set<String> nodes = new HashSet<>();
    harness.pods().forEach(p -> nodes.add(p.spec().nodeNameOr("none")));
    assertThat(nodes).containsExactlyInAnyOrder("a", "b", "none");
  }

  @Test
  void aSpreadConstraintHolds() throws Exception {
    harness.node("a", "1", n -> n);
    harness.node("b", "64", n -> n);
    TopologySpreadConstraint constraint =
        TopologySpreadConstraint.builder()
            .maxSkew(1)
            .topologyKey("kubernetes.io/hostname")
            .whenUnsatisfiable("DoNotSchedule")
            .labelSelector(LabelSelector.builder().matchLabels(Map.of("app", "web")).build())
            .build();
    for (int i = 0; i < 4; i++) {
      Pod pod = Harness.pod("p" + i, "100m");
      harness.create(pod.withSpec(pod.spec().withTopologySpreadConstraints(List.of(constraint))));
    }
    Harness.await(
        "all bound", () -> harness.pods().stream().allMatch(p -> p.spec().nodeName() != null));
    assertThat(harness.pods()).filteredOn(p -> "a".equals(p.spec().nodeName())).hasSize(2);
  }

  @Test
  void aGatedPodWaitsAndAForeignOneIsLeftAlone() throws Exception {
    harness.node("a", "4", n -> n);
    Pod gated = Harness.pod("gated", "100m");
    harness.create(
        gated.withSpec(
            gated
                .spec()
                .withSchedulingGates(List.of(PodSchedulingGate.builder().name("x/y").build()))));
    Pod foreign = Harness.pod("foreign", "100m");
    harness.create(foreign.withSpec(foreign.spec().withSchedulerName("other")));
    harness.create(Harness.pod("ours", "100m"));
    Harness.await("ours bound", () -> harness.nodeOf("ours").equals("a"));
    assertThat(harness.nodeOf("gated")).isEmpty();
    assertThat(harness.nodeOf("foreign")).isEmpty();
    Pod now = harness.get("gated");
    harness.client.update(Types.POD, now.withSpec(now.spec().withSchedulingGates(List.of())));
    Harness.await("gated bound", () -> harness.nodeOf("gated").equals("a"));
  }
}
