package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.ContainerImage;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.resource.Quantity;
import dev.kapell.scheduler.plugin.Arguments;
import dev.kapell.scheduler.plugin.FitArguments;
import dev.kapell.scheduler.plugin.FitArguments.Weighted;
import dev.kapell.scheduler.plugin.Plugins;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceTest {
  private static Pod asking(Pod pod, String resource, String amount) {
    var container = pod.spec().containers().getFirst();
    var resources = container.resources();
    return pod.withSpec(
        pod.spec()
            .withContainers(
                List.of(
                    container.withResources(
                        Objects.requireNonNull(resources)
                            .withRequests(Map.of(resource, Quantity.parse(amount)))))));
  }

  private static Plugins with(FitArguments fit) {
    return Plugins.of(
        Arguments.DEFAULT.withFit(fit), Plugins.filterNames(), Plugins.scoreWeights());
  }

  @Test
  void allThatIsMissingIsNamed() {
    Scene scene = new Scene().node("a");
    Pod pod = asking(scene.pod("p"), "example.com/gpu", "1");
    assertThat(scene.verdicts(pod)).containsEntry("a", "Insufficient example.com/gpu");
    assertThat(scene.verdicts(asking(pod, "cpu", "5"))).containsEntry("a", "Insufficient cpu");
  }

  @Test
  void ignoredResourcesAndGroupsDoNotHaveToBeThere() {
    Scene scene = new Scene().node("a");
    Pod pod = asking(scene.pod("p"), "example.com/gpu", "1");
    scene.plugins =
        with(
            new FitArguments(Set.of("example.com/gpu"), Set.of(), FitArguments.DEFAULT.strategy()));
    assertThat(scene.fitting(pod)).containsExactly("a");
    scene.plugins =
        with(new FitArguments(Set.of(), Set.of("example.com"), FitArguments.DEFAULT.strategy()));
    assertThat(scene.fitting(pod)).containsExactly("a");
  }

  /** CPU in use with the pod: 1 of 4 on the one, 3 of 4 on the other; only CPU counts. */
  @ParameterizedTest
  @CsvSource({"least,75,25", "most,25,75", "ratio,50,0"})
  void nodesAreComparedByStrategy(String strategy, long empty, long full) {
    Scene scene = new Scene().node("empty").node("full");
    scene.place(asking(scene.pod("old"), "cpu", "2"), "full");
    List<Weighted> cpu = List.of(new Weighted("cpu", 1));
    FitArguments.Strategy chosen =
        switch (strategy) {
          case "least" -> new FitArguments.LeastAllocated(cpu);
          case "most" -> new FitArguments.MostAllocated(cpu);
          default ->
              new FitArguments.RequestedToCapacityRatio(
                  cpu,
                  List.of(
                      new FitArguments.Point(0, 10),
                      new FitArguments.Point(50, 0),
                      new FitArguments.Point(100, 0)));
        };
    scene.plugins = with(new FitArguments(Set.of(), Set.of(), chosen));
    assertThat(scene.points(asking(scene.pod("new"), "cpu", "1"), "NodeResourcesFit"))
        .containsEntry("empty", empty)
        .containsEntry("full", full);
  }

  @Test
  void balancedNodesAreBetter() {
    Scene scene = new Scene().node("a").node("b");
    scene.place(asking(scene.pod("old"), "memory", "4Gi"), "b");
    assertThat(
            scene.points(asking(scene.pod("new"), "cpu", "2"), "NodeResourcesBalancedAllocation"))
        .containsEntry("a", 75L)
        .containsEntry("b", 100L);
  }

  @Test
  void aNodeWithTheImageIsBetterTheMoreNodesHaveIt() {
    ContainerImage image =
        ContainerImage.builder().names(List.of("web:latest")).sizeBytes(500L << 20).build();
    Scene scene =
        new Scene().node("a", n -> n.withStatus(n.status().withImages(List.of(image)))).node("b");
    Pod pod = scene.pod("p");
    assertThat(scene.points(pod, "ImageLocality")).containsEntry("a", 23L).containsEntry("b", 0L);
    scene.node("b", n -> n.withStatus(n.status().withImages(List.of(image))));
    assertThat(scene.points(pod, "ImageLocality")).containsEntry("a", 49L).containsEntry("b", 49L);
  }

  @ParameterizedTest(name = "wanted {0}, allocated {1}, infeasible {2}: takes up {3}m")
  @CsvSource({"1,2,false,2000", "3,2,false,3000", "3,2,true,2000"})
  void aResizedPodTakesUpTheMostOfWhatItHasAndWants(
      String wanted, String allocated, boolean infeasible, long millis) {
    Scene scene = new Scene().node("a");
    Pod pod = asking(scene.pod("p"), "cpu", wanted);
    List<PodCondition> conditions =
        infeasible
            ? List.of(
                PodCondition.builder()
                    .type("PodResizePending")
                    .status("True")
                    .reason("Infeasible")
                    .build())
            : List.of();
    ContainerStatus status =
        ContainerStatus.builder()
            .name("main")
            .allocatedResources(Map.of("cpu", Quantity.parse(allocated)))
            .build();
    scene.place(
        pod.withStatus(
            pod.status().withContainerStatuses(List.of(status)).withConditions(conditions)),
        "a");
    assertThat(scene.cluster.requested(0, 0)).isEqualTo(millis);
  }
}
