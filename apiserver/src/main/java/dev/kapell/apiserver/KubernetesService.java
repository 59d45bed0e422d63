package dev.kapell.apiserver;

import dev.kapell.api.ApiObject;
import dev.kapell.api.IntOrString;
import dev.kapell.api.JsonCodec;
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
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The service by which pods find the API server, and its endpoints. Whichever of them somebody
 * deletes comes back: one watch each, on a thread of its own.
 */
final class KubernetesService implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String NAME = "kubernetes";
  private static final String ADDRESS = "10.43.0.1";
  private static final int PORT = 443;

  private final Client client;
  private final Clock clock;
  private final TaskScope watches;

  KubernetesService(Client client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.watches =
        new TaskScope(
            "kubernetes-service", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
  }

  /** Returns when all is there; then keeps it so until closed. */
  void publish(String address, int port) {
    keep(Types.SERVICE, service(port));
    keep(Types.ENDPOINTS, endpoints(address, port));
    keep(Types.ENDPOINT_SLICE, slice(address, port));
  }

  private <T extends ApiObject> void keep(ResourceType<T> type, T object) {
    ensure(type, object);
    watches.start(type.plural(), () -> follow(type, object));
  }

  private <T extends ApiObject> void follow(ResourceType<T> type, T object)
      throws InterruptedException {
    ListQuery query = ListQuery.in("default").fields("metadata.name=" + NAME);
    while (!watches.isClosed()) {
      try {
        Listing<T> listing = client.list(type, query);
        if (listing.items().isEmpty()) {
          LOG.log(System.Logger.Level.INFO, "{0} default/kubernetes is gone, made anew", type);
          ensure(type, object);
        }
        awaitDeletion(type, query, listing.resourceVersion());
      } catch (WatchClosedException ended) {
        LOG.log(System.Logger.Level.DEBUG, "watch of {0} ended, going on", type);
        clock.sleep(RETRY);
      } catch (ApiFailure failure) {
        LOG.log(
            System.Logger.Level.WARNING, "cannot keep " + type + " default/kubernetes", failure);
        clock.sleep(RETRY);
      }
    }
  }

  private <T extends ApiObject> void awaitDeletion(
      ResourceType<T> type, ListQuery query, String from) throws InterruptedException {
    try (Watch<T> watch = client.watch(type, query, from)) {
      while (!(watch.next() instanceof WatchEvent.Deleted<T>)) {
        // somebody changed it, which is their right
      }
    }
  }

  @Override
  public void close() {
    watches.close();
  }

  private <T extends ApiObject> void ensure(ResourceType<T> type, T object) {
    Optional<T> present = find(type, ObjectKey.of(object));
    if (present.isEmpty()) {
      client.create(type, object);
    } else if (!states(type, present.get(), object)) {
      client.update(
          type,
          type.withMetadata(
              object,
              object.metadata().withResourceVersion(present.get().metadata().resourceVersion())));
    }
  }

  private <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    try {
      return Optional.of(client.get(type, key));
    } catch (ApiFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static <T extends ApiObject> boolean states(ResourceType<T> type, T present, T wish) {
    return Trees.states(
        JsonCodec.toTree(type.codec(), present), JsonCodec.toTree(type.codec(), wish));
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
