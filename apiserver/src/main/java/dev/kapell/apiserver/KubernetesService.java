package dev.kapell.apiserver;

import dev.kapell.api.ApiObject;
import dev.kapell.api.IntOrString;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.EndpointAddress;
import dev.kapell.api.core.v1.EndpointSubset;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.util.List;
import java.util.Map;

/** The service by which pods find the API server. */
final class KubernetesService {
  private static final String NAME = "kubernetes";
  private static final String ADDRESS = "10.43.0.1";
  private static final int PORT = 443;

  private final Client client;

  KubernetesService(Client client) {
    this.client = client;
  }

  void publish(String address, int port) {
    ensure(Types.SERVICE, service(port));
    ensure(Types.ENDPOINTS, endpoints(address, port));
    ensure(Types.ENDPOINT_SLICE, slice(address, port));
  }

  private <T extends ApiObject> void ensure(ResourceType<T> type, T object) {
    try {
      client.create(type, object);
    } catch (ApiFailure e) {
      if (!e.isAlreadyExists()) {
        throw e;
      }
      T present = client.get(type, ObjectKey.of(object));
      client.update(
          type,
          type.withMetadata(
              object, object.metadata().withResourceVersion(present.metadata().resourceVersion())));
    }
  }

  private static ObjectMeta metadata(Map<String, String> labels) {
    return ObjectMeta.builder().namespace("default").name(NAME).labels(labels).build();
  }

  private static Service service(int port) {
    ServicePort https =
        ServicePort.builder()
            .name("https")
            .port(PORT)
            .protocol("TCP")
            .targetPort(IntOrString.of(port))
            .build();
    return Service.builder()
        .metadata(metadata(Map.of("component", "apiserver", "provider", NAME)))
        .spec(
            ServiceSpec.builder()
                .clusterIP(ADDRESS)
                .type("ClusterIP")
                .ports(List.of(https))
                .build())
        .build();
  }

  private static Endpoints endpoints(String address, int port) {
    EndpointSubset subset =
        EndpointSubset.builder()
            .addresses(List.of(EndpointAddress.builder().ip(address).build()))
            .ports(
                List.of(
                    dev.kapell.api.core.v1.EndpointPort.builder()
                        .name("https")
                        .port(port)
                        .protocol("TCP")
                        .build()))
            .build();
    return Endpoints.builder()
        .metadata(metadata(Map.of("endpointslice.kubernetes.io/skip-mirror", "true")))
        .subsets(List.of(subset))
        .build();
  }

  private static EndpointSlice slice(String address, int port) {
    return EndpointSlice.builder()
        .metadata(metadata(Map.of("kubernetes.io/service-name", NAME)))
        .addressType("IPv4")
        .endpoints(
            List.of(
                Endpoint.builder()
                    .addresses(List.of(address))
                    .conditions(EndpointConditions.builder().ready(true).build())
                    .build()))
        .ports(
            List.of(
                dev.kapell.api.discovery.v1.EndpointPort.builder()
                    .name("https")
                    .port(port)
                    .protocol("TCP")
                    .build()))
        .build();
  }
}
