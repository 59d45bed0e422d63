package dev.kapell.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZonesTest {
  private static Service service(String name, ServiceSpec spec) {
    return Service.builder()
        .metadata(ObjectMeta.builder().name(name).namespace("default").build())
        .spec(spec)
        .build();
  }

  private static final List<Service> SERVICES =
      List.of(
          service(
              "kubernetes",
              ServiceSpec.builder()
                  .clusterIP("10.43.0.1")
                  .clusterIPs(List.of("10.43.0.1"))
                  .ports(List.of(ServicePort.builder().name("https").port(443).build()))
                  .build()),
          service("db", ServiceSpec.builder().clusterIP("None").build()),
          service(
              "old", ServiceSpec.builder().type("ExternalName").externalName("a.test.").build()));

  private static final EndpointSlice DB =
      EndpointSlice.builder()
          .addressType("IPv4")
          .ports(List.of(EndpointPort.builder().name("pg").port(5432).build()))
          .endpoints(
              List.of(
                  Endpoint.builder().addresses(List.of("10.42.0.5")).hostname("db-0").build(),
                  Endpoint.builder().addresses(List.of("10.42.0.6")).build(),
                  Endpoint.builder()
                      .addresses(List.of("10.42.0.7"))
                      .conditions(EndpointConditions.builder().ready(false).build())
                      .build()))
          .build();

  private final Zone zone =
      Zones.of(
          "cluster.local", SERVICES, key -> key.name().equals("db") ? List.of(DB) : List.of(), 1);

  private List<String> addresses(String name) {
    List<String> addresses = new ArrayList<>();
    for (DnsRecord each : zone.answer(name, DnsType.A).orElseThrow().answers()) {
      try {
        addresses.add(InetAddress.getByAddress(each.data()).getHostAddress());
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }
    return addresses;
  }

  @Test
  void theApiServerHasItsName() {
    assertThat(addresses("kubernetes.default.svc.cluster.local")).containsExactly("10.43.0.1");
  }

  @Test
  void aHeadlessServiceLeavesOutPodsThatAreNotReady() {
    assertThat(addresses("db.default.svc.cluster.local")).containsExactly("10.42.0.5", "10.42.0.6");
    assertThat(addresses("db-0.db.default.svc.cluster.local")).containsExactly("10.42.0.5");
    assertThat(addresses("10-42-0-6.db.default.svc.cluster.local")).containsExactly("10.42.0.6");
    assertThat(zone.answer("10-42-0-7.db.default.svc.cluster.local", DnsType.A))
        .hasValueSatisfying(reply -> assertThat(reply.code()).isEqualTo(DnsType.NAME_ERROR));
  }

  @Test
  void everyAddressHasAPointer() {
    assertThat(zone.answer("5.0.42.10.in-addr.arpa", DnsType.PTR).orElseThrow().answers())
        .hasSize(1);
    assertThat(zone.answer("1.0.43.10.in-addr.arpa", DnsType.PTR)).isPresent();
    assertThat(zone.answer("9.9.9.9.in-addr.arpa", DnsType.PTR)).as("somebody else's").isEmpty();
  }

  @Test
  void anExternalNameIsAnotherName() {
    assertThat(zone.external("old.default.svc.cluster.local")).contains("a.test");
  }
}
