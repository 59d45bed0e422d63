package dev.kapell.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.tree.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script relies on: {@code -o json} and the exit codes. */
class ScriptsTest {
  private static final String MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: m}
      """;
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 0
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: main, image: web}]}
      """;

  @TempDir Path folder;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new Cluster(folder);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Map<String, Object> json(Cluster.Said said) {
    return Tree.map(JsonCodec.readTree(said.out().getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "version", "why web", "apply x.yaml", "plan x.yaml", "up"})
  void anotherFormThanJsonIsWrongUsage(String command) {
    List<String> words = List.of((command + " -o yaml").split(" ", -1));
    String[] rest = words.subList(1, words.size()).toArray(String[]::new);
    assertThat(cluster.kapell(words.getFirst(), rest).exitCode()).isEqualTo(2);
  }

  @Test
  void whatWasAppliedIsTold() throws IOException {
    String file = cluster.file("x.yaml", MAP).toString();
    Cluster.Said said = cluster.kapell("apply", file, "-o", "json");
    assertThat(said.exitCode()).isZero();
    assertThat(Tree.list(json(said), "objects")).hasSize(1);
    assertThat(Tree.text(Tree.list(json(said), "objects").getFirst(), "outcome"))
        .isEqualTo("created");
  }

  @Test
  void aClusterWithoutNodesIsNotWell() {
    Cluster.Said said = cluster.kapell("status", "-o", "json");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(Tree.at(json(said), "running")).isEqualTo(true);
  }

  @Test
  void theVersionsAreTold() {
    assertThat(Tree.text(json(cluster.kapell("version", "-o", "json")), "server"))
        .startsWith("v1.");
  }

  @Test
  void aLogThatCannotBeReadIsAFailureOfOneOrOfSeveralPods() throws IOException {
    cluster.kapell("apply", cluster.file("web.yaml", WEB).toString());
    cluster.pod("web-1", "1", "", "web");
    assertThat(cluster.kapell("logs", "deploy/web").exitCode()).isEqualTo(1);
    cluster.pod("web-2", "1", "", "web");
    Cluster.Said said = cluster.kapell("logs", "deploy/web", "-c", "nobody");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.out()).isEmpty();
  }
}
