package dev.kapell.controllers.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneSharesTest {
  /** Zones with their processors; then where each endpoint is, and for which zone it becomes. */
  @ParameterizedTest(name = "{0}: {1} become {2}")
  @CsvSource({
    "a=4 b=4, a b, a b",
    "a=4 b=4, a a, a b",
    "a=4 b=4, a a a b, a a b b",
    "a=6 b=3, a a b, a a b",
    "a=6 b=3, b b b, b a a",
    "a=4 b=4 c=4, a b c a, - - - -",
    "a=4 b=4 c=4, a b c a b c, a b c a b c",
    "a=4, a a, - -",
    "a=4 b=4, a, -",
    "a=9 b=1, a b, - -",
    "a=4 b=4, a x, - -",
    "a=4 b=4, a !b b, a - b",
  })
  void endpointsAreSharedOutByProcessors(String zones, String endpoints, String expected) {
    List<Node> nodes = new ArrayList<>();
    for (String zone : zones.split(" ", -1)) {
      nodes.add(node(zone.split("=", -1)[0], zone.split("=", -1)[1], "True"));
    }
    List<Endpoint> all = new ArrayList<>();
    for (String place : endpoints.split(" ", -1)) {
      all.add(endpoint(all.size(), place.replace("!", ""), !place.startsWith("!")));
    }
    String hints =
        ZoneShares.of(nodes).hinted(all).stream()
            .map(each -> each.hints() == null ? "-" : each.hints().forZones().getFirst().nameOr(""))
            .collect(Collectors.joining(" "));
    assertThat(hints).isEqualTo(expected);
  }

  @Test
  void aNodeOfWhichNothingIsKnownSpoilsIt() {
    Node known = node("a", "4", "True");
    Node lost = known.withMetadata(known.metadata().withLabels(Map.of()));
    assertThat(ZoneShares.of(List.of(known, lost))).isEqualTo(ZoneShares.UNKNOWN);
    assertThat(ZoneShares.of(List.of(known, node("b", "4", "False"))).milliCpu())
        .isEqualTo(Map.of("a", 4000L));
  }

  private static Node node(String zone, String cpu, String ready) {
    Node node =
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name("n-" + zone)
                    .labels(Map.of(ZoneShares.ZONE, zone))
                    .build())
            .build();
    return node.withStatus(
        node.status()
            .withAllocatable(Map.of("cpu", Quantity.parse(cpu)))
            .withConditions(List.of(NodeCondition.builder().type("Ready").status(ready).build())));
  }

  private static Endpoint endpoint(int number, String zone, boolean ready) {
    return Endpoint.builder()
        .addresses(List.of("10.42.0." + number))
        .zone(zone)
        .conditions(EndpointConditions.builder().ready(ready).build())
        .build();
  }
}
