package dev.kapell.network.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointHints;
import dev.kapell.api.discovery.v1.ForNode;
import dev.kapell.api.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearnessTest {
  /** Endpoints as ZONE/NODE of their hints; a dash is no hint. */
  @ParameterizedTest(name = "{0} seen from z1/n1: {1}")
  @CsvSource({
    "'z1/- z2/- z1/-', '0 2'",
    "'z2/- z2/-', '0 1'",
    "'z1/- -/-', '0 1'",
    "'-/- -/-', '0 1'",
    "'z1/n1 z1/n2 z2/n3', '0'",
    "'z1/n2 z2/n3', '0'",
    "'z1/n1 z1/-', '0 1'",
    "'z2/n2 z3/n3', '0 1'",
  })
  void hintsCountWhenAllHaveThemAndOneIsForHere(String endpoints, String chosen) {
    List<Endpoint> all = new ArrayList<>();
    for (String each : endpoints.split(" ", -1)) {
      all.add(endpoint(all.size(), each));
    }
    List<Endpoint> near = new Nearness("n1", "z1").among(all);
    assertThat(near.stream().map(each -> each.addresses().getFirst()).toList())
        .isEqualTo(List.of(chosen.split(" ", -1)));
  }

  private static Endpoint endpoint(int number, String hint) {
    String zone = hint.split("/", -1)[0];
    String node = hint.split("/", -1)[1];
    EndpointHints.Builder hints = EndpointHints.builder();
    if (!zone.equals("-")) {
      hints.forZones(List.of(ForZone.builder().name(zone).build()));
    }
    if (!node.equals("-")) {
      hints.forNodes(List.of(ForNode.builder().name(node).build()));
    }
    return Endpoint.builder().addresses(List.of("" + number)).hints(hints.build()).build();
  }
}
