package dev.kapell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.HTTPGetAction;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@KapellTest(nodes = 2)
class TestClusterTest {

  @Test
  void itsNodesAreReadyWhenItHasStarted(TestCluster cluster) {
    assertThat(cluster.client().list(Types.NODE, ListQuery.ALL).items())
        .hasSize(2)
        .allMatch(SimulatedNode::isReady);
    assertThat(cluster.nodes()).extracting(SimulatedNode::name).containsExactly("node-1", "node-2");
  }

  @Test
  void aDeploymentOfThreeBecomesAvailable(TestCluster cluster) throws InterruptedException {
    cluster.client().create(Types.DEPLOYMENT, Samples.deployment("three", 3));

    cluster.await(
        Types.DEPLOYMENT, Samples.key("three"), d -> d.status().availableReplicasOr(0) == 3);

    Set<String> nodes =
        cluster
            .client()
            .list(Types.POD, ListQuery.in("default").labels("app=three"))
            .items()
            .stream()
            .map(pod -> pod.spec().nodeNameOr(""))
            .collect(Collectors.toSet());
    assertThat(nodes).containsExactlyInAnyOrder("node-1", "node-2");
  }

  @Test
  void aDeletedPodIsGoneAndReplaced(TestCluster cluster) throws InterruptedException {
    Client client = cluster.client();
    client.create(Types.DEPLOYMENT, Samples.deployment("healed", 1));
    cluster.await(
        Types.DEPLOYMENT, Samples.key("healed"), d -> d.status().availableReplicasOr(0) == 1);
    Pod first =
        client.list(Types.POD, ListQuery.in("default").labels("app=healed")).items().getFirst();

    client.delete(Types.POD, ObjectKey.of(first), DeleteOptions.EMPTY);

    cluster.awaitGone(Types.POD, ObjectKey.of(first));
    cluster.await(
        Types.DEPLOYMENT, Samples.key("healed"), d -> d.status().availableReplicasOr(0) == 1);
  }

  @Test
  void aContainerThatIsMadeToExitIsStartedAgain(TestCluster cluster) throws InterruptedException {
    cluster.client().create(Types.POD, Samples.pod("crashing", "Always"));
    cluster.await(Types.POD, Samples.key("crashing"), TestClusterTest::isReady);

    cluster.nodeOf(Samples.key("crashing")).orElseThrow().exit(Samples.key("crashing"), "main", 3);

    Pod again =
        cluster.await(
            Types.POD, Samples.key("crashing"), pod -> restarts(pod) == 1 && isReady(pod));
    assertThat(again.status().containerStatuses())
        .extracting(status -> status.lastState())
        .extracting(last -> last == null ? null : last.terminated())
        .extracting(end -> end == null ? null : end.exitCode())
        .containsExactly(3);
  }

  @Test
  void aPodIsReadyAsLongAsItAnswersItsProbe(TestCluster cluster) throws InterruptedException {
    Pod pod = Samples.pod("probed", "Always");
    Probe probe =
        Probe.builder()
            .periodSeconds(1)
            .failureThreshold(1)
            .httpGet(HTTPGetAction.builder().port(new IntOrString.OfInt(80)).build())
            .build();
    Container container = pod.spec().containers().getFirst().withReadinessProbe(probe);
    cluster.client().create(Types.POD, pod.withSpec(pod.spec().withContainers(List.of(container))));
    cluster.await(Types.POD, Samples.key("probed"), TestClusterTest::isReady);

    cluster.nodeOf(Samples.key("probed")).orElseThrow().setAnswering(Samples.key("probed"), false);

    cluster.await(Types.POD, Samples.key("probed"), seen -> !isReady(seen));
  }

  @Test
  void aPodThatRunsToItsEndSucceeds(TestCluster cluster) throws InterruptedException {
    cluster.client().create(Types.POD, Samples.pod("job", "Never", "true"));

    cluster.await(
        Types.POD, Samples.key("job"), pod -> pod.status().phaseOr("").equals("Succeeded"));
  }

  @Test
  void anImageThatNoRegistryHasIsReported(TestCluster cluster) throws InterruptedException {
    cluster.nodes().forEach(node -> node.withoutImage("absent:1"));
    Pod pod = Samples.pod("imageless", "Always");
    var container = pod.spec().containers().getFirst().withImage("absent:1");

    cluster.client().create(Types.POD, pod.withSpec(pod.spec().withContainers(List.of(container))));

    cluster.await(
        Types.POD,
        Samples.key("imageless"),
        seen ->
            seen.status().containerStatuses().stream()
                .map(ContainerStatus::state)
                .anyMatch(
                    s ->
                        s != null
                            && s.waiting() != null
                            && s.waiting().reasonOr("").matches("ErrImagePull|ImagePullBackOff")));
  }

  @Test
  void tenNodesShareADeploymentOfTwenty() throws Exception {
    try (TestCluster cluster = TestCluster.builder().nodes(10).start()) {
      cluster.client().create(Types.DEPLOYMENT, Samples.deployment("twenty", 20));

      cluster.await(
          Types.DEPLOYMENT, Samples.key("twenty"), d -> d.status().availableReplicasOr(0) == 20);

      assertThat(cluster.client().list(Types.POD, ListQuery.in("default")).items())
          .extracting(pod -> pod.spec().nodeNameOr(""))
          .doesNotContain("")
          .contains("node-1", "node-10");
    }
  }

  @Test
  void twoClustersSideBySideDoNotSeeEachOther(TestCluster one) throws Exception {
    try (TestCluster other = TestCluster.builder().nodes(0).start()) {
      one.client().create(Types.CONFIG_MAP, ConfigMap.EMPTY.withMetadata(Samples.named("mine")));

      assertThat(other.url()).isNotEqualTo(one.url());
      assertThat(other.client().find(Types.CONFIG_MAP, Samples.key("mine"))).isEmpty();
      assertThat(other.client().list(Types.NODE, ListQuery.ALL).items()).isEmpty();
    }
  }

  @Test
  void nothingIsLeftOfAClosedCluster() throws Exception {
    Path kubeconfig;
    try (TestCluster cluster = TestCluster.start()) {
      kubeconfig = cluster.kubeconfig();
      assertThat(kubeconfig).exists();
      cluster
          .client()
          .create(
              Types.NAMESPACE,
              Namespace.EMPTY.withMetadata(
                  ObjectMeta.builder().name("short").labels(Map.of("a", "b")).build()));
    }
    assertThat(kubeconfig).doesNotExist();
    assertThat(kubeconfig.resolve("../..").normalize()).doesNotExist();
  }

  @Test
  void anImpossibleShapeIsRefused() {
    assertThatThrownBy(() -> TestCluster.builder().nodes(-1))
        .hasMessage("a test cluster has 0 to 255 nodes, not -1");
    assertThatThrownBy(() -> TestCluster.builder().nodeSize(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int restarts(Pod pod) {
    return pod.status().containerStatuses().stream().mapToInt(s -> s.restartCountOr(0)).sum();
  }

  private static boolean isReady(Pod pod) {
    return pod.status().conditions().stream()
        .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
  }
}
