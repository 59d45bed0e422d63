package dev.kapell.controllers.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.IntOrString;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetSpec;
import dev.kapell.api.apps.v1.DaemonSetStatus;
import dev.kapell.api.apps.v1.DaemonSetUpdateStrategy;
import dev.kapell.api.apps.v1.RollingUpdateDaemonSet;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.history.History;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static DaemonSet set(String surge, String unavailable) {
    RollingUpdateDaemonSet rolling =
        RollingUpdateDaemonSet.builder()
            .maxSurge(IntOrString.of(Integer.parseInt(surge)))
            .maxUnavailable(IntOrString.of(Integer.parseInt(unavailable)))
            .build();
    return DaemonSet.builder()
        .metadata(Make.meta("agent").withUid("set").withGeneration(1L))
        .spec(
            DaemonSetSpec.builder()
                .selector(Make.selector("agent"))
                .template(Make.template("agent", "agent:2"))
                .updateStrategy(
                    DaemonSetUpdateStrategy.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(rolling)
                        .build())
                .build())
        .build();
  }

  private static Node node(int number, Taint... taints) {
    return Node.builder()
        .metadata(ObjectMeta.builder().name("n" + number).build())
        .spec(NodeSpec.builder().taints(List.of(taints)).build())
        .build();
  }

  private static Taint taint(String key, String effect) {
    return Taint.builder().key(key).effect(effect).build();
  }

  /** {@code new+} a ready one of the present template, {@code old-} an unready one of before. */
  private static Pod pod(DaemonSet set, int node, String state, int age) {
    String hash = state.startsWith("new") ? History.hash(set.spec().template(), 0) : "before";
    String name = "agent-" + state.replaceAll("[^a-z]", "") + node + "-" + age;
    Pod pod =
        Pod.builder()
            .metadata(
                Make.meta(name)
                    .withUid("uid-" + name)
                    .withLabels(Map.of("app", "agent", History.HASH, hash))
                    .withCreationTimestamp(NOW.minusSeconds(age))
                    .withOwnerReferences(List.of(Owners.reference(set))))
            .spec(set.spec().template().spec().withNodeName("n" + node))
            .build();
    return state.endsWith("+") ? Make.ready(pod, NOW) : Make.unready(pod, NOW);
  }

  private static Plan decide(DaemonSet set, List<Node> nodes, List<Pod> pods) {
    return Daemons.decide(
        new Daemons.Seen(set, pods, nodes, List.of(), false, Map.of(), Optional.empty()), NOW);
  }

  private static List<String> did(Plan plan) {
    List<String> did = new ArrayList<>();
    for (Change change : plan.changes()) {
      switch (change) {
        case Change.Create<?> c when c.object() instanceof Pod pod ->
            did.add("create " + Placement.nodeOf(pod));
        case Change.Delete<?> d -> did.add("delete " + d.key().name());
        default -> {}
      }
    }
    return did;
  }

  private static DaemonSetStatus status(Plan plan) {
    return ((DaemonSet) ((Change.UpdateStatus<?>) plan.changes().getLast()).after()).status();
  }

  @ParameterizedTest(name = "surge {0}, unavailable {1}, nodes {2}: {3}")
  @CsvSource({
    "0, 1, old+ old+ old+, delete agent-old1-9",
    "0, 2, old+ old+ old+, delete agent-old1-9;delete agent-old2-9",
    "0, 1, new- old+ old+, ''",
    "0, 2, new- old+ old+, delete agent-old2-9",
    "0, 1, new+ old+ old+, delete agent-old2-9",
    "0, 1, old- old- old+, delete agent-old1-9;delete agent-old2-9",
    "0, 1, new+ new+ new+, ''",
    "1, 0, old+ old+ old+, create n1",
    "2, 0, old+ old+ old+, create n1;create n2",
    "1, 0, old- old+ old+, create n1;create n2",
    "1, 0, old+new- old+ old+, ''",
    "1, 0, old+new+ old+ old+, delete agent-old1-9;create n2",
    "0, 1, old+new- old+ old+, delete agent-new1-5;delete agent-old1-9",
  })
  void theRolloutKeepsItsBudget(String surge, String unavailable, String nodes, String expected) {
    DaemonSet set = set(surge, unavailable);
    List<Node> there = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    for (String on : nodes.split(" ", -1)) {
      there.add(node(there.size() + 1));
      for (int at = 0; at < on.length(); at += 4) {
        pods.add(pod(set, there.size(), on.substring(at, at + 4), at == 0 ? 9 : 5));
      }
    }
    assertThat(String.join(";", did(decide(set, there, pods)))).isEqualTo(expected);
  }

  @Test
  void onDeleteNothingIsReplaced() {
    DaemonSet set = set("0", "1");
    DaemonSet lazy =
        set.withSpec(
            set.spec()
                .withUpdateStrategy(DaemonSetUpdateStrategy.builder().type("OnDelete").build()));
    assertThat(did(decide(lazy, List.of(node(1)), List.of(pod(lazy, 1, "old+", 9))))).isEmpty();
    assertThat(did(decide(lazy, List.of(node(1)), List.of()))).containsExactly("create n1");
  }

  @ParameterizedTest(name = "taint {0}:{1}: runs {2}, stays {3}")
  @CsvSource({
    "node.kubernetes.io/not-ready,       NoExecute,  true,  true",
    "node.kubernetes.io/unreachable,     NoExecute,  true,  true",
    "node.kubernetes.io/disk-pressure,   NoSchedule, true,  true",
    "node.kubernetes.io/memory-pressure, NoSchedule, true,  true",
    "node.kubernetes.io/pid-pressure,    NoSchedule, true,  true",
    "node.kubernetes.io/unschedulable,   NoSchedule, true,  true",
    "node.kubernetes.io/network-unavailable, NoSchedule, false, true",
    "example.com/mine,                   NoSchedule, false, true",
    "example.com/mine,                   NoExecute,  false, false",
  })
  void taintsThatEveryDaemonTolerates(String key, String effect, boolean runs, boolean stays) {
    DaemonSet set = set("0", "1");
    Node node = node(1, taint(key, effect));
    assertThat(did(decide(set, List.of(node), List.of()))).hasSize(runs ? 1 : 0);
    assertThat(did(decide(set, List.of(node), List.of(pod(set, 1, "new+", 9)))))
        .hasSize(stays ? 0 : 1);
  }

  @Test
  void aTemplateThatNamesItsNodeRunsThereOnly() {
    DaemonSet set = set("0", "1");
    var template = set.spec().template();
    DaemonSet bound =
        set.withSpec(
            set.spec().withTemplate(template.withSpec(template.spec().withNodeName("n2"))));
    assertThat(did(decide(bound, List.of(node(1), node(2)), List.of())))
        .containsExactly("create n2");
  }

  @Test
  void noNodeThatFitsIsToldOnceAndSaysWhy() {
    DaemonSet set = set("0", "1");
    Node tainted = node(1, taint("example.com/mine", "NoSchedule"));
    Plan plan = decide(set, List.of(tainted), List.of());
    assertThat(status(plan).conditions())
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.type()).isEqualTo("NoNodeFits");
              assertThat(c.message()).contains("none of 1 nodes", "1 have taints");
            });
    assertThat(plan.changes()).anyMatch(Change.Tell.class::isInstance);
    DaemonSet told = set.withStatus(status(plan));
    assertThat(decide(told, List.of(tainted), List.of()).changes())
        .noneMatch(Change.Tell.class::isInstance);
    assertThat(status(decide(told, List.of(node(1)), List.of())).conditions()).isEmpty();
  }

  @Test
  void anEndedPodThatAFinalizerHoldsIsReplaced() {
    DaemonSet set = set("0", "1");
    Pod pod = pod(set, 1, "new+", 9);
    Pod held =
        pod.withStatus(pod.status().withPhase("Failed"))
            .withMetadata(pod.metadata().withDeletionTimestamp(NOW));
    assertThat(did(decide(set, List.of(node(1)), List.of(held)))).containsExactly("create n1");
  }

  @Test
  void atMostTwoHundredAndFiftyPodsAreMadeAtOnce() {
    List<Node> many = IntStream.rangeClosed(1, 600).mapToObj(i -> node(i)).toList();
    Plan plan = decide(set("0", "1"), many, List.of());
    assertThat(did(plan)).hasSize(250);
    assertThat(status(plan).desiredNumberScheduled()).isEqualTo(600);
  }

  @Test
  void aRevisionNameThatAnotherHasIsLeftToIt() {
    DaemonSet set = set("0", "1");
    Plan plan =
        Daemons.decide(
            new Daemons.Seen(
                set, List.of(), List.of(node(1)), List.of(), true, Map.of(), Optional.empty()),
            NOW);
    assertThat(did(plan)).isEmpty();
    assertThat(status(plan).collisionCount()).isEqualTo(1);
  }
}
