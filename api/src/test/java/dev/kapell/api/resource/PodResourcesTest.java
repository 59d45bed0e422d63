package dev.kapell.api.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodResourcesTest {
  private static Map<String, Quantity> cpu(String amount) {
    return Map.of("cpu", Quantity.parse(amount));
  }

  private static PodResources.Init init(String amount, boolean sidecar) {
    return new PodResources.Init(cpu(amount), sidecar);
  }

  private static PodResources pod(PodResources.Init... starting) {
    return new PodResources(List.of(cpu("1"), cpu("2")), List.of(starting), Map.of(), cpu("100m"));
  }

  @Test
  void containersSidecarsAndOverheadAreSummed() {
    assertThat(pod(init("500m", true)).total()).isEqualTo(cpu("3600m"));
  }

  @Test
  void anInitContainerCountsBesideTheSidecarsStartedBeforeIt() {
    assertThat(pod(init("500m", true), init("4", false), init("1", true)).total())
        .as("500m and 4 while starting, 4500m while running")
        .isEqualTo(cpu("4600m"));
    assertThat(pod(init("4", false), init("500m", true)).total()).isEqualTo(cpu("4100m"));
  }

  @Test
  void whatThePodStatesCountsInPlaceOfItsContainers() {
    PodResources stated =
        new PodResources(
            List.of(cpu("1"), Map.of("memory", Quantity.parse("1Gi"))),
            List.of(init("9", false)),
            cpu("2"),
            cpu("100m"));
    assertThat(stated.total())
        .isEqualTo(Map.of("cpu", Quantity.parse("2100m"), "memory", Quantity.parse("1Gi")));
  }
}
