package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.policy.v1.PodDisruptionBudgetSpec;
import dev.kapell.api.policy.v1.PodDisruptionBudgetStatus;
import dev.kapell.api.resource.Quantity;
import dev.kapell.scheduler.demand.Demand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreemptionTest {
  /** Placed pods: node, name, CPU, priority, when it started, whether a budget protects it. */
  record Row(String node, String name, String cpu, int priority, long started, boolean shielded) {}

  private static Row at(String node, String name, String cpu, int priority) {
    return new Row(node, name, cpu, priority, 0, false);
  }

  private static Pod pod(Scene scene, Row row) {
    Pod pod = scene.pod(row.name(), row.shielded() ? "app=shielded" : "app=free");
    var container = pod.spec().containers().getFirst();
    var resources = Objects.requireNonNull(container.resources());
    return pod.withSpec(
            pod.spec()
                .withPriority(row.priority())
                .withContainers(
                    List.of(
                        container.withResources(
                            resources.withRequests(Map.of("cpu", Quantity.parse(row.cpu())))))))
        .withStatus(pod.status().withStartTime(Instant.ofEpochSecond(row.started())));
  }

  private static Scene scene(List<Row> rows, int disruptionsAllowed) {
    Scene scene = new Scene();
    rows.stream().map(Row::node).distinct().forEach(scene::node);
    scene.budgets.add(
        PodDisruptionBudget.builder()
            .metadata(ObjectMeta.builder().namespace("default").name("b").build())
            .spec(
                PodDisruptionBudgetSpec.builder()
                    .selector(
                        LabelSelector.builder().matchLabels(Map.of("app", "shielded")).build())
                    .build())
            .status(
                PodDisruptionBudgetStatus.builder().disruptionsAllowed(disruptionsAllowed).build())
            .build());
    rows.forEach(row -> scene.place(pod(scene, row), row.node()));
    return scene;
  }

  private static List<String> choose(Scene scene, Preemption preemption, int priority, String cpu) {
    Demand demand = scene.demand(pod(scene, at("", "new", cpu, priority)));
    BitSet rows = new BitSet();
    scene.cluster.forEachRow(rows::set);
    return preemption
        .choose(demand, rows)
        .map(choice -> describe(scene, choice))
        .orElse(List.of("nowhere"));
  }

  private static List<String> describe(Scene scene, Preemption.Choice choice) {
    List<String> found = new ArrayList<>();
    found.add(scene.cluster.nodeOf(choice.row()).metadata().nameOr(""));
    choice.victims().forEach(victim -> found.add(victim.metadata().nameOr("")));
    return found;
  }

  static Stream<Arguments> choices() {
    return Stream.of(
        row("only less important ones go", List.of(at("n1", "a", "4", 10)), "nowhere"),
        row(
            "as few as are needed",
            List.of(at("n1", "a", "2", 0), at("n1", "b", "2", 1)),
            "n1",
            "a"),
        row(
            "the least important of the most important",
            List.of(at("n1", "a", "4", 5), at("n2", "b", "4", 3)),
            "n2",
            "b"),
        row(
            "then the smallest sum",
            List.of(at("n1", "a", "2100m", 5), at("n1", "a2", "2100m", 4), at("n2", "b", "4", 5)),
            "n2",
            "b"),
        row(
            "the latest start of those that are equal",
            List.of(new Row("n1", "a", "4", 5, 100, false), new Row("n2", "b", "4", 5, 200, false)),
            "n2",
            "b"),
        row(
            "of equal pods the younger goes",
            List.of(new Row("n1", "a", "2", 5, 100, false), new Row("n1", "b", "2", 5, 200, false)),
            "n1",
            "b"),
        row(
            "a budget weighs more than a priority",
            List.of(new Row("n1", "a", "4", 0, 0, true), at("n2", "b", "4", 9)),
            "n2",
            "b"),
        row(
            "on one node those without a budget go first",
            List.of(new Row("n1", "a", "2", 0, 0, true), at("n1", "b", "2", 9)),
            "n1",
            "b"));
  }

  private static Arguments row(String name, List<Row> placed, String... expected) {
    return Arguments.of(name, placed, List.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("choices")
  void victimsAreChosen(String name, List<Row> placed, List<String> expected) {
    Scene scene = scene(placed, 0);
    Preemption preemption = new Preemption(scene.plugins, scene.view());
    long before = scene.cluster.now();
    assertThat(choose(scene, preemption, 10, "2")).isEqualTo(expected);
    assertThat(choose(scene, preemption, 10, "2")).as("asked again").isEqualTo(expected);
    assertThat(scene.cluster.now()).as("nothing changed").isEqualTo(before);
    assertThat(scene.cluster.pods(0)).isNotEmpty();
  }

  @Test
  void aBudgetThatAllowsADisruptionIsNotOverdrawnByOne() {
    List<Row> rows = List.of(new Row("n1", "a", "4", 0, 0, true), at("n2", "b", "4", 9));
    Scene scene = scene(rows, 1);
    assertThat(choose(scene, new Preemption(scene.plugins, scene.view()), 10, "2"))
        .containsExactly("n1", "a");
  }

  @Test
  void aNodeThatIsBeingClearedIsNotClearedForTwo() {
    Scene scene = scene(List.of(at("n1", "a", "4", 0), at("n2", "b", "4", 0)), 0);
    Preemption preemption = new Preemption(scene.plugins, scene.view());
    Pod first = pod(scene, at("", "first", "3", 10));
    assertThat(choose(scene, preemption, 10, "3")).containsExactly("n1", "a");
    scene.cluster.nominate(first, scene.demand(first), 0);
    assertThat(choose(scene, preemption, 10, "3")).containsExactly("n2", "b");
    Pod second = pod(scene, at("", "second", "3", 10));
    scene.cluster.nominate(second, scene.demand(second), 1);
    assertThat(choose(scene, preemption, 10, "3")).containsExactly("nowhere");
    assertThat(choose(scene, preemption, 10, "1")).as("both fit").containsExactly("n1", "a");
  }
}
