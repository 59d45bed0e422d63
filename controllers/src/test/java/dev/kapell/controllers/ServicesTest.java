package dev.kapell.controllers;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.EndpointAddress;
import dev.kapell.api.core.v1.EndpointPort;
import dev.kapell.api.core.v1.EndpointSubset;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.ObjectKey;
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

  @Test
  void aMirroredSliceThatSomebodyDeletesComesBack() throws Exception {
    ServiceSpec spec =
        ServiceSpec.builder().ports(List.of(ServicePort.builder().port(80).build())).build();
    client.create(
        Types.SERVICE, Service.builder().metadata(Make.meta("outside")).spec(spec).build());
    EndpointSubset subset =
        EndpointSubset.builder()
            .addresses(List.of(EndpointAddress.builder().ip("192.0.2.1").build()))
            .ports(List.of(EndpointPort.builder().port(80).build()))
            .build();
    client.create(
        Types.ENDPOINTS,
        Endpoints.builder().metadata(Make.meta("outside")).subsets(List.of(subset)).build());
    await("a slice", () -> list(Types.ENDPOINT_SLICE).size() == 1);
    EndpointSlice first = list(Types.ENDPOINT_SLICE).getFirst();
    client.delete(Types.ENDPOINT_SLICE, ObjectKey.of(first), DeleteOptions.EMPTY);
    await(
        "another slice",
        () ->
            list(Types.ENDPOINT_SLICE).stream()
                .anyMatch(s -> !s.metadata().uidOr("").equals(first.metadata().uidOr(""))));
  }
}
