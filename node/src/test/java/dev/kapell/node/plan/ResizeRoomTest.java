package dev.kapell.node.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeRoomTest {
  private static final long MI = 1 << 20;

  private static Pod pod(String name, String cpu, String memory) {
    ResourceRequirements resources =
        ResourceRequirements.EMPTY.withRequests(
            Map.of("cpu", Quantity.parse(cpu), "memory", Quantity.parse(memory)));
    Container app = Container.builder().name(name).resources(resources).build();
    return Pod.EMPTY.withSpec(PodSpec.EMPTY.withContainers(List.of(app)));
  }

  /** On a node of 2 CPUs and 1000Mi. */
  @ParameterizedTest(name = "from {0}/{1} to {2}/{3} beside {4}/{5}: {6} {7}")
  @CsvSource({
    "500m, 100Mi, 1,    100Mi,  500m, 100Mi, '',         ''",
    "500m, 100Mi, 1500m,100Mi,  500m, 100Mi, '',         ''",
    "500m, 100Mi, 1501m,100Mi,  500m, 100Mi, Deferred,   'cpu, requested: 1501, used: 500, capacity: 2000'",
    "500m, 100Mi, 2001m,100Mi,  500m, 100Mi, Infeasible, 'cpu, requested: 2001, capacity: 2000'",
    "500m, 100Mi, 500m, 901Mi,  500m, 100Mi, Deferred,   'memory, requested: 944766976, used: 104857600, capacity: 1048576000'",
    "500m, 100Mi, 500m, 1001Mi, 500m, 100Mi, Infeasible, 'memory, requested: 1049624576, capacity: 1048576000'",
    "500m, 100Mi, 1600m,1001Mi, 500m, 100Mi, Infeasible, 'memory, requested: 1049624576, capacity: 1048576000'",
    "500m, 100Mi, 1600m,950Mi,  500m, 100Mi, Deferred,   'cpu, requested: 1600, used: 500, capacity: 2000'",
    "500m, 100Mi, 400m, 50Mi,   3,    2Gi,   '',         ''",
    "500m, 100Mi, 400m, 101Mi,  3,    2Gi,   Deferred,   'memory, requested: 105906176, used: 2147483648, capacity: 1048576000'",
  })
  void aResizeFitsOrWaitsOrNeverFits(
      String cpu,
      String memory,
      String wantedCpu,
      String wantedMemory,
      String otherCpu,
      String otherMemory,
      String reason,
      String message) {
    Allocation given = Allocation.of(pod("app", cpu, memory));
    Pod wanted = pod("app", wantedCpu, wantedMemory);
    var hindrance =
        new ResizeRoom(2000, 1000 * MI)
            .hindrance(wanted, given, List.of(pod("other", otherCpu, otherMemory)));
    assertThat(hindrance.map(Allocation.Pending::reason).orElse("")).isEqualTo(reason);
    assertThat(hindrance.map(Allocation.Pending::message).orElse("")).endsWith(message);
  }
}
