package dev.kapell.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForesightCommandsTest {
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: %d
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            priorityClassName: %s
            containers:
            - name: main
              image: web
              resources: {requests: {cpu: "%s"}}
      """;

  @TempDir Path folder;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new Cluster(folder);
    cluster.node("a", "4");
    cluster.node("b", "4");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private Cluster.Said plan(String manifest) throws IOException, InterruptedException {
    cluster.settle();
    return cluster.kapell("plan", "-f", cluster.file("x.yaml", manifest).toString());
  }

  @Test
  void aPlanOfNothingIsWrongUsage() throws Exception {
    Cluster.Said said = cluster.kapell("plan");

    assertThat(said.exitCode()).isEqualTo(2);
  }

  @Test
  void whySaysWhatAPodLacks() throws Exception {
    cluster.pod("busy", "3", "a");
    cluster.pod("big", "5", "");
    cluster.settle();

    Cluster.Said said = cluster.kapell("why", "big");

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.lines())
        .contains(
            "default/big: fits none of the 2 nodes",
            "Closest: b",
            "  cpu   asks for 5   4 of 4 free   1 missing",
            "  b: ask for at most 4 cpu: the node has no more than that");
  }

  @Test
  void whySaysWhereAPodIsAndWhy() throws Exception {
    cluster.pod("web", "1", "a");
    cluster.settle();

    Cluster.Said said = cluster.kapell("why", "web");

    assertThat(said.exitCode()).isZero();
    assertThat(said.lines()).first().asString().startsWith("default/web: it is on a");
  }

  @Test
  void whyOfAPodThatIsNotThereIsRefused() throws Exception {
    cluster.settle();

    assertThat(cluster.kapell("why", "nobody").exitCode()).isEqualTo(1);
  }

  @Test
  void aPlanSaysWherePodsLandAndChangesNothing() throws Exception {
    cluster.settle();
    Map<String, String> before = cluster.written();

    Cluster.Said said = plan(WEB.formatted(4, "", "1"));

    assertThat(said.lines())
        .contains(
            "  deployment.apps/web would be created",
            "  deployment default/web   4 new   a × 2, b × 2",
            "Everything fits, nothing is evicted. Nothing has been changed.");
    assertThat(said.exitCode()).isZero();
    assertThat(cluster.written()).isEqualTo(before);
  }

  @Test
  void aPlanSaysWhatDoesNotFit() throws Exception {
    Cluster.Said said = plan(WEB.formatted(4, "", "3"));

    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.lines())
        .contains(
            "  deployment default/web   4 new, 2 without a node   a, b",
            "2 pods do not fit: deployment default/web",
            "2 of 4 new pods fit, nothing is evicted. Nothing has been changed.");
  }

  @Test
  void aPlanSaysWhoHasToGo() throws Exception {
    cluster.pod("low-a", "3", "a");
    cluster.pod("low-b", "2", "b");

    Cluster.Said said = plan(WEB.formatted(1, "system-cluster-critical", "3"));

    assertThat(said.exitCode()).isEqualTo(4);
    assertThat(said.lines())
        .contains("Everything fits, 1 pods are evicted. Nothing has been changed.");
    assertThat(said.out()).containsPattern("default/low-[ab] +priority 0 +on [ab] +for deployment");
  }

  @Test
  void aPlanTellsTheDifferences() throws Exception {
    cluster.settle();
    cluster.kapell("apply", "-f", cluster.file("x.yaml", WEB.formatted(1, "", "1")).toString());

    Cluster.Said said = plan(WEB.formatted(3, "", "1"));

    assertThat(said.lines())
        .contains("  deployment.apps/web would be changed", "    spec.replicas: 1 -> 3");
  }

  @Test
  void aPlanKnowsTheOtherWorkloadsAndNewNamespaces() throws Exception {
    Cluster.Said said =
        plan(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: agent, namespace: shop}
            spec:
              selector: {matchLabels: {app: agent}}
              template:
                metadata: {labels: {app: agent}}
                spec: {containers: [{name: main, image: agent}]}
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: shop}
            spec:
              replicas: 3
              serviceName: db
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec: {containers: [{name: main, image: db}]}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: sum}
            spec:
              parallelism: 2
              completions: 10
              template:
                spec: {restartPolicy: Never, containers: [{name: main, image: sum}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: bare}
            spec: {containers: [{name: main, image: bare}]}
            """);

    assertThat(said.exitCode()).isZero();
    assertThat(said.out())
        .containsPattern("daemonset shop/agent +2 new +a, b")
        .containsPattern("statefulset shop/db +3 new")
        .containsPattern("job default/sum +2 new")
        .containsPattern("pod default/bare +1 new");
  }

  @Test
  void aPlanOfNonsenseIsRefused() throws Exception {
    assertThat(plan("kind: Pod").exitCode()).isEqualTo(1);
    assertThat(plan("{apiVersion: v1, kind: Pod, metadata: {name: x}}").exitCode()).isEqualTo(1);
  }
}
