package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.tree.Obj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the cluster itself gives to objects when they are made, or get a node. */
class BirthTest {
  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void volumesAndClaimsAreHeldFromTheirFirstMoment() {
    Obj claim =
        api.at("v1/persistentvolumeclaims")
            .create(
                "{metadata: {name: c, finalizers: [example.com/own]}, spec: {accessModes: [ReadWriteOnce],"
                    + " resources: {requests: {storage: 1Gi}}}}");
    assertThat(claim.child("metadata").texts("finalizers"))
        .containsExactly("example.com/own", "kubernetes.io/pvc-protection");
    Obj volume =
        api.at("v1/persistentvolumes")
            .create(
                "{metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi},"
                    + " hostPath: {path: /x}}}");
    assertThat(volume.child("metadata").texts("finalizers"))
        .containsExactly("kubernetes.io/pv-protection");
  }

  @Test
  void aNewNodeTakesNoPodsBeforeItHasSaidThatItIsReady() {
    Obj node = api.at("v1/nodes").create("metadata: {name: n}");
    assertThat(node.child("spec").items("taints"))
        .extracting(taint -> taint.text("key") + ":" + taint.text("effect"))
        .containsExactly("node.kubernetes.io/not-ready:NoSchedule");
    Obj tainted =
        api.at("v1/nodes")
            .create(
                "{metadata: {name: m}, spec: {taints: [{key: node.kubernetes.io/not-ready, effect:"
                    + " NoSchedule}, {key: a, effect: NoExecute}]}}");
    assertThat(tainted.child("spec").items("taints")).hasSize(2);
  }

  @Test
  void aPodThatGetsANodeIsLabelledWithWhereThatIs() {
    api.at("v1/nodes")
        .create(
            "metadata: {name: n, labels: {topology.kubernetes.io/zone: z1,"
                + " topology.kubernetes.io/region: r1, other: x}}");
    Api.Place pods = api.at("v1/pods");
    pods.create(Api.pod("bound"));
    pods.sub("binding").create("bound", "target: {kind: Node, name: n}");
    assertThat(pods.get("bound").child("metadata").strings("labels"))
        .containsEntry("topology.kubernetes.io/zone", "z1")
        .containsEntry("topology.kubernetes.io/region", "r1")
        .doesNotContainKey("other");
    Obj placed =
        pods.create(
            "{metadata: {name: placed, labels: {topology.kubernetes.io/zone: own}}, spec: {nodeName:"
                + " n, containers: [{name: c, image: i}]}}");
    assertThat(placed.child("metadata").strings("labels"))
        .containsEntry("topology.kubernetes.io/zone", "own")
        .containsEntry("topology.kubernetes.io/region", "r1");
    pods.create(Api.pod("lost"));
    pods.sub("binding").create("lost", "target: {kind: Node, name: absent}");
    assertThat(pods.get("lost").child("spec").text("nodeName")).isEqualTo("absent");
  }

  @Test
  void aBoundPodIsNominatedForNothing() {
    Api.Place pods = api.at("v1/pods");
    pods.create(Api.pod("p"));
    pods.sub("status").patch("p", "merge-patch", "status: {nominatedNodeName: n}");
    pods.sub("binding").create("p", "target: {kind: Node, name: m}");
    assertThat(pods.get("p").child("status").has("nominatedNodeName")).isFalse();
  }
}
