package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.meta.v1.LabelSelector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpreadTest {
  private static final LabelSelector WEB =
      LabelSelector.builder().matchLabels(Map.of("app", "web")).build();

  /** Two nodes in zone a, one in b and one in none. */
  private static Scene zones() {
    return new Scene()
        .node("a1", "zone=a", "disk=ssd")
        .node("a2", "zone=a")
        .node(
            "b1",
            n ->
                n.withSpec(
                    n.spec()
                        .withTaints(
                            List.of(Taint.builder().key("x").effect("NoSchedule").build()))),
            "zone=b")
        .node("none");
  }

  private static Pod spread(
      Pod pod, UnaryOperator<TopologySpreadConstraint> edit, String whenUnsatisfiable) {
    TopologySpreadConstraint constraint =
        TopologySpreadConstraint.builder()
            .maxSkew(1)
            .topologyKey("zone")
            .whenUnsatisfiable(whenUnsatisfiable)
            .labelSelector(WEB)
            .build();
    return pod.withSpec(pod.spec().withTopologySpreadConstraints(List.of(edit.apply(constraint))));
  }

  static Stream<Arguments> requiredConstraints() {
    return Stream.of(
        row("a zone that is ahead is full", 1, c -> c, List.of()),
        row("equal zones are open", 0, c -> c, List.of("a1", "a2")),
        row("a larger skew", 1, c -> c.withMaxSkew(2), List.of("a1", "a2")),
        row(
            "a zone whose nodes are all tainted does not count if taints are honoured",
            1,
            c -> c.withNodeTaintsPolicy("Honor"),
            List.of("a1", "a2")),
        row(
            "too few zones count as empty ones",
            1,
            c -> c.withNodeTaintsPolicy("Honor").withMinDomains(2),
            List.of()),
        row(
            "as many zones as asked for",
            1,
            c -> c.withNodeTaintsPolicy("Honor").withMinDomains(1),
            List.of("a1", "a2")),
        row(
            "pods of another revision do not count",
            1,
            c -> c.withMatchLabelKeys(List.of("revision")),
            List.of("a1", "a2")),
        row(
            "without a selector nothing counts",
            3,
            c -> c.withLabelSelector(null),
            List.of("a1", "a2")));
  }

  private static Arguments row(
      String name,
      int inZoneA,
      UnaryOperator<TopologySpreadConstraint> edit,
      List<String> fitting) {
    return Arguments.of(name, inZoneA, edit, fitting);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requiredConstraints")
  void aRequiredConstraintLeavesTheNodes(
      String name,
      int inZoneA,
      UnaryOperator<TopologySpreadConstraint> edit,
      List<String> fitting) {
    Scene scene = zones();
    for (int i = 0; i < inZoneA; i++) {
      scene.place(scene.pod("old" + i, "app=web", "revision=1"), "a1");
    }
    Pod pod = spread(scene.pod("new", "app=web", "revision=2"), edit, "DoNotSchedule");
    assertThat(scene.fitting(pod)).isEqualTo(fitting);
    assertThat(scene.verdicts(pod).get("none"))
        .isEqualTo("node(s) didn't match pod topology spread constraints (missing required label)");
  }

  @Test
  void nodesThatAffinityKeepsOutCountOnlyIfAsked() {
    Scene scene = zones();
    scene.place(scene.pod("old", "app=web"), "a1");
    Pod pod = spread(scene.pod("new", "app=web"), c -> c, "DoNotSchedule");
    Pod ssd = pod.withSpec(pod.spec().withNodeSelector(Map.of("disk", "ssd")));
    assertThat(scene.fitting(ssd)).containsExactly("a1");
    Pod ignoring = spread(ssd, c -> c.withNodeAffinityPolicy("Ignore"), "DoNotSchedule");
    assertThat(scene.fitting(ignoring)).isEmpty();
  }

  @Test
  void podsThatAreBeingDeletedAndThoseOfOtherNamespacesDoNotCount() {
    Scene scene = zones();
    Pod leaving = scene.pod("leaving", "app=web");
    scene.place(
        leaving.withMetadata(leaving.metadata().withDeletionTimestamp(Instant.EPOCH)), "a1");
    Pod foreign = scene.pod("foreign", "app=web");
    scene.place(foreign.withMetadata(foreign.metadata().withNamespace("other")), "a1");
    Pod pod = spread(scene.pod("new", "app=web"), c -> c, "DoNotSchedule");
    assertThat(scene.fitting(pod)).containsExactly("a1", "a2");
  }

  @Test
  void countsFollowPodsAndNodes() {
    Scene scene = zones();
    Pod old = scene.pod("old", "app=web");
    Pod pod = spread(scene.pod("new", "app=web"), c -> c, "DoNotSchedule");
    assertThat(scene.fitting(pod)).containsExactly("a1", "a2");
    scene.place(old, "a2");
    assertThat(scene.fitting(pod)).isEmpty();
    scene.node("a2", "zone=c");
    assertThat(scene.fitting(pod)).as("the pod is now in zone c").containsExactly("a1");
    scene.cluster.removeNode("b1");
    scene.cluster.removeNode("a1");
    assertThat(scene.fitting(pod)).as("c is the only zone").containsExactly("a2");
    scene.node("a1", "zone=a");
    assertThat(scene.fitting(pod)).containsExactly("a1");
    scene.cluster.removePod(old.withSpec(old.spec().withNodeName("a2")));
    assertThat(scene.fitting(pod)).containsExactly("a1", "a2");
  }

  @Test
  void aWishPrefersEmptyZones() {
    Scene scene = zones();
    scene.place(scene.pod("old", "app=web"), "a1");
    Pod pod = spread(scene.pod("new", "app=web"), c -> c, "ScheduleAnyway");
    assertThat(scene.points(pod, "PodTopologySpread"))
        .containsExactly(
            Map.entry("a1", 0L), Map.entry("a2", 0L), Map.entry("b1", 100L), Map.entry("none", 0L));
    assertThat(scene.fitting(pod)).contains("a1", "a2", "none");
  }

  @Test
  void podsOfOneOwnerAreSpreadOverHostsWithoutAWord() {
    Scene scene = new Scene().node("a").node("b").node("c");
    scene.place(scene.pod("old", "app=web"), "a");
    Pod pod = scene.pod("new", "app=web");
    assertThat(scene.points(pod, "PodTopologySpread").values()).containsOnly(0L);
    scene.owner = Optional.of(WEB);
    assertThat(scene.points(pod, "PodTopologySpread").get("a"))
        .isLessThan(scene.points(pod, "PodTopologySpread").get("b"));
  }
}
