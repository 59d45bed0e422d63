package dev.kapell.network;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Reader;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchEvent;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.net.Subnet;
import dev.kapell.host.process.Processes;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * An agent in a process of its own, so that all its threads live in the test's namespace. The
 * cluster has one Service, web, with pod 10.42.0.3. Ends, and cleans up, when its input ends.
 */
final class AgentProcess {
  private AgentProcess() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    NetworkOptions options =
        new NetworkOptions(
            "n1",
            Subnet.parse("10.42.0.0/16"),
            Subnet.parse("10.42.0.0/24"),
            Subnet.parse("10.43.0.0/16"),
            InetAddress.ofLiteral("10.43.0.10"),
            "cluster.local",
            directory.resolve("resolv.conf"),
            1400,
            directory.resolve("net.d"),
            directory.resolve("ipam"));
    HostNetwork network = HostNetwork.ofThisMachine(Processes.ofThisMachine());
    try (Caches caches = new Caches(new StillCluster(), Clock.system());
        NetworkAgent agent = NetworkAgent.start(options, network, caches, Clock.system())) {
      System.out.println("started " + agent.dnsPort());
      System.in.readAllBytes();
    }
    NetworkAgent.remove(options, network);
  }

  /** Lists what there is; nothing ever changes. */
  private static final class StillCluster implements Reader {
    private static final Service WEB =
        Service.builder()
            .metadata(meta("web", Map.of()))
            .spec(
                ServiceSpec.builder()
                    .clusterIP("10.43.0.7")
                    .clusterIPs(List.of("10.43.0.7"))
                    .ports(List.of(ServicePort.builder().port(80).build()))
                    .build())
            .build();
    private static final EndpointSlice SLICE =
        EndpointSlice.builder()
            .metadata(meta("web-1", Map.of("kubernetes.io/service-name", "web")))
            .addressType("IPv4")
            .ports(List.of(EndpointPort.builder().port(8080).build()))
            .endpoints(List.of(Endpoint.builder().addresses(List.of("10.42.0.3")).build()))
            .build();

    private static ObjectMeta meta(String name, Map<String, String> labels) {
      return ObjectMeta.builder()
          .name(name)
          .namespace("default")
          .resourceVersion("1")
          .labels(labels)
          .build();
    }

    @Override
    @SuppressWarnings("unchecked") // the object is of the type that was asked for
    public <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query) {
      List<? extends ApiObject> items =
          type.equals(Types.SERVICE)
              ? List.of(WEB)
              : type.equals(Types.ENDPOINT_SLICE) ? List.of(SLICE) : List.of();
      return new Listing<>((List<T>) items, "1");
    }

    @Override
    public <T extends ApiObject> Watch<T> watch(
        ResourceType<T> type, ListQuery query, String resourceVersion) {
      return new Watch<>() {
        @Override
        public WatchEvent<T> next() throws InterruptedException {
          new CountDownLatch(1).await();
          throw new IllegalStateException("nothing ever changes");
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
      throw new UnsupportedOperationException("the agent only lists and watches");
    }

    @Override
    public <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key) {
      throw new UnsupportedOperationException("the agent only lists and watches");
    }

    @Override
    public <S> S getSubresource(
        ResourceType<?> parent, ObjectKey key, String subresource, Codec<S> codec) {
      throw new UnsupportedOperationException("the agent only lists and watches");
    }
  }
}
