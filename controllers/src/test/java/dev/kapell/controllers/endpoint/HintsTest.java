package dev.kapell.controllers.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointHints;
import dev.kapell.controllers.world.Make;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintsTest {
  @ParameterizedTest(name = "{0}, ready {1}, zone {2}, node {3}: zones {4}, nodes {5}")
  @CsvSource({
    "'', true, z1, n1, 0, 0",
    "PreferClose, true, z1, n1, 1, 0",
    "PreferSameZone, true, z1, n1, 1, 0",
    "PreferSameZone, true, '', n1, 0, 0",
    "PreferSameZone, false, z1, n1, 0, 0",
    "PreferSameNode, true, z1, n1, 1, 1",
    "PreferSameNode, true, '', n1, 0, 1",
    "PreferSameNode, true, z1, '', 1, 0",
  })
  void anEndpointIsForWhoIsNear(
      String distribution, boolean ready, String zone, String node, int zones, int nodes) {
    Service service =
        Service.builder()
            .metadata(Make.meta("web"))
            .spec(
                ServiceSpec.builder()
                    .trafficDistribution(distribution.isEmpty() ? null : distribution)
                    .build())
            .build();
    Endpoint endpoint =
        Endpoint.builder()
            .addresses(List.of("10.42.0.2"))
            .conditions(EndpointConditions.builder().ready(ready).build())
            .zone(zone.isEmpty() ? null : zone)
            .nodeName(node.isEmpty() ? null : node)
            .build();
    EndpointHints hints = Hints.hinted(service, endpoint).hints();
    assertThat(hints == null ? 0 : hints.forZones().size()).isEqualTo(zones);
    assertThat(hints == null ? 0 : hints.forNodes().size()).isEqualTo(nodes);
  }
}
