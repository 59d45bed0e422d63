package dev.kapell.controllers;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.controllers.world.Make;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Slices and Endpoints of Services. */
class ServicesTest extends ClusterTest {
  @Test
  void aServiceHasSlicesAndEndpointsOfItsReadyPods() throws Exception {
    client.create(
        Types.SERVICE,
        Service.builder()
            .metadata(Make.meta("web"))
            .spec(
                ServiceSpec.builder()
                    .selector(Map.of("app", "web"))
                    .ports(List.of(ServicePort.builder().port(80).build()))
                    .build())
            .build());
    client.create(Types.DEPLOYMENT, web(3));
    awaitReady("web:1", 3);
    await(
        "three ready addresses in slices",
        () ->
            list(Types.ENDPOINT_SLICE).stream()
                    .map(EndpointSlice::endpoints)
                    .flatMap(List::stream)
                    .filter(e -> e.conditions() != null && e.conditions().readyOr(false))
                    .count()
                == 3);
    await(
        "three addresses in the Endpoints",
        () ->
            list(Types.ENDPOINTS).stream()
                    .map(Endpoints::subsets)
                    .flatMap(List::stream)
                    .mapToLong(s -> s.addresses().size())
                    .sum()
                == 3);
  }
}
