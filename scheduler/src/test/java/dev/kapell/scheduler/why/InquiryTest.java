package dev.kapell.scheduler.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.core.v1.PersistentVolumeClaimVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSchedulingGate;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InquiryTest {
  private static Node tainted(Node node) {
    return node.withSpec(
        node.spec()
            .withTaints(
                List.of(
                    Taint.builder().key("dedicated").value("db").effect("NoSchedule").build())));
  }

  @Test
  void theClosestNodeIsTheOneThatLacksLeast() {
    Report report =
        new Picture()
            .node("a", "1", "8Gi")
            .node("b", "4", "8Gi")
            .runs("b", Picture.pod("busy", "2800m"))
            .node("c", "8", "8Gi", InquiryTest::tainted)
            .why(Picture.pod("big", "2"));

    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNSCHEDULABLE);
    assertThat(report.summary())
        .isEqualTo(
            "no node fits it: 0/3 nodes are available: 1 node(s) had untolerated taint {dedicated:"
                + " db}, 2 Insufficient cpu.");
    Closest closest = report.closest().orElseThrow();
    assertThat(closest.node()).isEqualTo("b");
    assertThat(closest.sentence())
        .isEqualTo(" The closest is b, which lacks 800m cpu (asked 2, free 1.2).");
  }

  @Test
  void everyRefusalIsCountedWithTheNamesOfItsNodes() {
    Report report =
        new Picture()
            .node("a", "1", "8Gi")
            .node("b", "1", "8Gi")
            .node("c", "8", "8Gi", InquiryTest::tainted)
            .why(Picture.pod("big", "2"));

    assertThat(report.refusals())
        .extracting(Report.Refused::plain, Report.Refused::count, Report.Refused::nodes)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("not enough cpu is free", 2, List.of("a", "b")),
            org.assertj.core.groups.Tuple.tuple(
                "a taint keeps the pod away {dedicated: db}", 1, List.of("c")));
  }

  @Test
  void whatWouldHelpIsSaidForEachKindOfRefusal() {
    Report report =
        new Picture()
            .node("b", "4", "8Gi")
            .runs("b", Picture.pod("busy", "2800m"))
            .node("c", "8", "8Gi", InquiryTest::tainted)
            .why(Picture.pod("big", "2"));

    assertThat(report.remedies())
        .containsExactly(
            new Remedy("b", List.of("free 800m cpu there, or ask for at most 1.2 cpu")),
            new Remedy(
                "c",
                List.of(
                    "tolerate the taint dedicated=db:NoSchedule, or remove it: kubectl taint node c"
                        + " dedicated=db:NoSchedule-")));
  }

  @Test
  void aNodeThatIsTooSmallIsNotToldToBeCleared() {
    Report report = new Picture().node("a", "2", "8Gi").why(Picture.pod("big", "3"));

    assertThat(report.remedies())
        .containsExactly(
            new Remedy("a", List.of("ask for at most 2 cpu: the node has no more than that")));
  }

  @Test
  void norIsOneThatRunsSomethingAndIsTooSmallAnyway() {
    Report report =
        new Picture()
            .node("a", "2", "8Gi")
            .runs("a", Picture.pod("busy", "500m"))
            .why(Picture.pod("big", "3"));

    assertThat(report.remedies())
        .containsExactly(
            new Remedy("a", List.of("ask for at most 1.5 cpu: the node has no more than 2")));
  }

  @Test
  void aResourceThatNoNodeHasIsNamed() {
    Report report =
        new Picture().node("a", "2", "8Gi").why(Picture.pod("gpu", Map.of("example.com/gpu", "1")));

    assertThat(report.remedies())
        .containsExactly(new Remedy("a", List.of("the node has no example.com/gpu at all")));
  }

  @Test
  void allReasonsOfANodeHaveToGo() {
    Pod pod = Picture.pod("big", "3");
    Report report =
        new Picture()
            .node("a", "2", "8Gi", InquiryTest::tainted)
            .why(pod.withSpec(pod.spec().withNodeSelector(Map.of("disk", "ssd"))));

    assertThat(report.remedies())
        .containsExactly(
            new Remedy(
                "a",
                List.of(
                    "ask for at most 2 cpu: the node has no more than that",
                    "tolerate the taint dedicated=db:NoSchedule, or remove it: kubectl taint node a"
                        + " dedicated=db:NoSchedule-",
                    "the pod's nodeSelector wants disk=ssd: kubectl label node a disk=ssd")));
  }

  private static Report onOneNode(Pod pod, PodSpec spec) {
    return new Picture().node("a", "2", "8Gi").why(pod.withSpec(spec));
  }

  @Test
  void aLabelIsNotSaidToSufficeWhereAffinityAsksForMore() {
    NodeSelector blue =
        NodeSelector.builder()
            .nodeSelectorTerms(
                List.of(
                    NodeSelectorTerm.builder()
                        .matchExpressions(
                            List.of(
                                NodeSelectorRequirement.builder()
                                    .key("colour")
                                    .operator("Exists")
                                    .build()))
                        .build()))
            .build();
    Pod pod = Picture.pod("picky", "1");
    Report report =
        onOneNode(
            pod,
            pod.spec()
                .withNodeSelector(Map.of("disk", "ssd"))
                .withAffinity(
                    Affinity.builder()
                        .nodeAffinity(
                            NodeAffinity.builder()
                                .requiredDuringSchedulingIgnoredDuringExecution(blue)
                                .build())
                        .build()));

    assertThat(report.remedies())
        .containsExactly(
            new Remedy(
                "a",
                List.of(
                    "the pod's nodeSelector wants disk=ssd: kubectl label node a disk=ssd; and"
                        + " change the pod's nodeAffinity, or the labels of the node that it looks"
                        + " at")));
  }

  @Test
  void aGatedPodWaitsForItsGates() {
    Pod pod = Picture.pod("gated", "1");
    Report report =
        onOneNode(
            pod,
            pod.spec()
                .withSchedulingGates(
                    List.of(PodSchedulingGate.builder().name("example.com/x").build())));

    assertThat(report.verdict()).isEqualTo(Report.Verdict.WAITING);
    assertThat(report.waitsFor())
        .containsExactly(
            "the scheduling gate example.com/x, until whoever set it takes it out of"
                + " spec.schedulingGates");
  }

  @Test
  void aPodWaitsForAClaimThatIsNotThere() {
    Pod pod = Picture.pod("data", "1");
    Volume volume =
        Volume.builder()
            .name("data")
            .persistentVolumeClaim(
                PersistentVolumeClaimVolumeSource.builder().claimName("missing").build())
            .build();
    Report report = onOneNode(pod, pod.spec().withVolumes(List.of(volume)));

    assertThat(report.waitsFor())
        .containsExactly("the PersistentVolumeClaim missing, which does not exist: create it");
  }

  @Test
  void aBoundPodIsWeighedAgain() {
    Pod pod = Picture.pod("web", "1");
    Pod bound = pod.withSpec(pod.spec().withNodeName("b"));
    Picture picture = new Picture().node("a", "2", "8Gi").node("b", "8", "8Gi").runs("b", pod);

    Report report = picture.why(bound);

    assertThat(report.verdict()).isEqualTo(Report.Verdict.BOUND);
    assertThat(report.summary()).isEqualTo("it is on b, the best of 2 nodes that fit");
    assertThat(report.scores()).extracting(Scored::node).containsExactly("b", "a");
  }

  @Test
  void anotherSchedulersPodIsLeftToIt() {
    Pod pod = Picture.pod("odd", "1");
    Report report =
        new Picture().node("a", "2", "8Gi").why(pod.withSpec(pod.spec().withSchedulerName("mine")));

    assertThat(report.verdict()).isEqualTo(Report.Verdict.FOREIGN);
    assertThat(report.summary()).contains("\"mine\"");
  }

  @Test
  void withoutNodesThatIsTheReason() {
    Report report = new Picture().why(Picture.pod("web", "1"));

    assertThat(report.summary()).isEqualTo("there is no node in the cluster");
  }

  @Test
  void whatPreemptionWouldCostIsToldAlsoWhenItIsNotAllowed() {
    Cost cost = Cost.of("a", List.of(Picture.pod("busy", "2")));
    Report report =
        new Picture()
            .node("a", "2", "8Gi")
            .runs("a", Picture.pod("busy", "2"))
            .why(
                Picture.pod("big", "1"),
                (demand, rows) -> demand.priority() > 0 ? Optional.of(cost) : Optional.empty());

    assertThat(report.room().orElseThrow())
        .isEqualTo(
            new Report.Room(
                "no less important pods are in its way (its priority is 0); with 1 or more these"
                    + " would be evicted",
                Optional.of(cost),
                false));
  }

  @Test
  void whoMayNotSeeNodesGetsNoNames() {
    Report report =
        new Picture().node("secret", "1", "8Gi").why(Picture.pod("big", "2")).withoutNodes();

    assertThat(report.tree().toString()).doesNotContain("secret").contains("Insufficient cpu");
  }
}
