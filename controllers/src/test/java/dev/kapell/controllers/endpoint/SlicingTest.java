package dev.kapell.controllers.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.base.Randomness;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicingTest {
  private static final List<EndpointPort> PORTS =
      List.of(EndpointPort.builder().name("http").port(80).protocol("TCP").build());

  private final World world = new World();
  private final Service service =
      world.create(Types.SERVICE, Service.builder().metadata(Make.meta("web")).build());
  private final Slicing slicing =
      new Slicing(service, Map.of("app", "web"), Map.of(), "IPv4", "web");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theSlicesHoldJustTheWantedEndpointsInFewEnoughSlices(long seed) {
    Randomness random = Randomness.seeded(seed);
    Set<Integer> numbers = new HashSet<>();
    for (int round = 0; round < 30; round++) {
      for (int i = random.nextInt(150); i > 0; i--) {
        numbers.add(random.nextInt(500));
      }
      for (int i = random.nextInt(150); i > 0; i--) {
        numbers.remove(random.nextInt(500));
      }
      apply(wanted(numbers));
      List<EndpointSlice> slices = world.all(Types.ENDPOINT_SLICE);
      Set<String> there = new HashSet<>();
      for (EndpointSlice slice : slices) {
        assertThat(slice.endpoints().size()).as("seed %d", seed).isBetween(1, Slicing.LIMIT);
        slice.endpoints().forEach(e -> assertThat(there.add(e.addresses().getFirst())).isTrue());
      }
      assertThat(there).as("seed %d", seed).hasSize(numbers.size());
    }
  }

  @Test
  void oneChangedEndpointIsOneWrite() {
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 250; i++) {
      numbers.add(i);
    }
    apply(wanted(numbers));
    numbers.remove(120);
    numbers.add(400);
    assertThat(effective(changes(wanted(numbers)))).hasSize(1);
    apply(wanted(numbers));
    assertThat(effective(changes(wanted(numbers)))).isEmpty();
  }

  @Test
  void noEndpointLeavesOneEmptySlice() {
    apply(Map.of());
    assertThat(world.all(Types.ENDPOINT_SLICE)).hasSize(1);
    assertThat(effective(changes(Map.of()))).isEmpty();
    apply(wanted(Set.of(1)));
    assertThat(world.all(Types.ENDPOINT_SLICE))
        .singleElement()
        .satisfies(slice -> assertThat(slice.endpoints()).hasSize(1));
  }

  private void apply(Map<List<EndpointPort>, List<Endpoint>> wanted) {
    world.apply(new Plan(changes(wanted), Optional.empty()));
  }

  private List<Change> changes(Map<List<EndpointPort>, List<Endpoint>> wanted) {
    return slicing.changes(world.all(Types.ENDPOINT_SLICE), wanted);
  }

  /** Without updates that change nothing, which are never written. */
  private static List<Change> effective(List<Change> changes) {
    return changes.stream()
        .filter(c -> !(c instanceof Change.Update<?> u && u.before().equals(u.after())))
        .toList();
  }

  private static Map<List<EndpointPort>, List<Endpoint>> wanted(Set<Integer> numbers) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int number : numbers) {
      endpoints.add(
          Endpoint.builder()
              .addresses(List.of("10.42." + number / 250 + "." + number % 250))
              .targetRef(ObjectReference.builder().kind("Pod").uid("uid-" + number).build())
              .build());
    }
    return endpoints.isEmpty() ? Map.of() : Map.of(PORTS, endpoints);
  }
}
