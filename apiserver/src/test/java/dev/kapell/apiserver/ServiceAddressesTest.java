package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.UnknownFields;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Write;
import dev.kapell.store.Key;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cluster addresses and node ports as objects, claimed once and repaired at the start. */
class ServiceAddressesTest {
  private static final int AT_ONCE = 8;

  private final Store store = MemoryStore.open(StoreOptions.defaults());
  private final Api api = new Api(store);
  private final Api.Place services = api.at("v1/services");
  private final Api.Place addresses = api.at("networking.k8s.io/v1/ipaddresses");
  private final Api.Place networks = api.at("networking.k8s.io/v1/servicecidrs");

  private String service(String name, String spec) {
    return services
        .create("{metadata: {name: " + name + "}, spec: {" + spec + " ports: [{port: 80}]}}")
        .child("spec")
        .text("clusterIP");
  }

  @Test
  void anAddressIsAnObjectThatNamesItsService() {
    String address = service("a", "");
    Obj object = addresses.get(address);
    Obj parent = object.child("spec").child("parentRef");
    assertThat(parent.text("resource")).isEqualTo("services");
    assertThat(parent.text("namespace") + "/" + parent.text("name")).isEqualTo("default/a");
    assertThat(object.child("metadata").strings("labels"))
        .containsEntry("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
    assertThat(object.child("metadata").text("resourceVersion"))
        .isEqualTo(services.get("a").child("metadata").text("resourceVersion"));
    refused(403, "Forbidden", () -> addresses.delete(address))
        .hasMessageContaining("service default/a has this address: delete the service");
    services.delete("a");
    assertThat(addresses.find(address)).isEmpty();
  }

  @Test
  void anAddressThatSomebodyReservedIsNotGiven() {
    addresses.create(
        "{metadata: {name: 10.43.7.7}, spec: {parentRef: {resource: things, group: a.b, name: t}}}");
    refused(422, "Invalid", () -> service("a", "clusterIP: 10.43.7.7,"))
        .hasMessageContaining("provided IP is already allocated");
    addresses.delete("10.43.7.7");
    assertThat(service("a", "clusterIP: 10.43.7.7,")).isEqualTo("10.43.7.7");
  }

  @Test
  void aFurtherNetworkGivesAddressesAndStaysWhileOneIsUsed() {
    refused(422, "Invalid", () -> service("a", "clusterIP: 10.99.0.9,"))
        .hasMessageContaining("not in the valid range. The range of valid IPs is 10.43.0.0/16");
    networks.create("{metadata: {name: base}, spec: {cidrs: [10.43.0.0/16]}}");
    Obj more = networks.create("{metadata: {name: more}, spec: {cidrs: [10.99.0.0/24]}}");
    assertThat(more.child("status").items("conditions").getFirst().text("type")).isEqualTo("Ready");
    assertThat(service("a", "clusterIP: 10.99.0.9,")).isEqualTo("10.99.0.9");
    refused(403, "Forbidden", () -> networks.delete("more"))
        .hasMessageContaining("still addresses of it in use, for instance 10.99.0.9");
    services.delete("a");
    networks.delete("more");
    refused(422, "Invalid", () -> service("a", "clusterIP: 10.99.0.9,"));
  }

  @Test
  void aFullNetworkSaysWhatToDo() {
    networks.create("{metadata: {name: tiny}, spec: {cidrs: [10.98.0.0/30]}}");
    assertThat(service("a", "")).isIn("10.98.0.1", "10.98.0.2");
    service("b", "");
    refused(500, "InternalError", () -> service("c", ""))
        .hasMessageContaining("delete a service or add a ServiceCIDR");
  }

  @Test
  void twoFamiliesAreRefusedWithAReason() {
    refused(422, "Invalid", () -> service("a", "ipFamilyPolicy: RequireDualStack,"))
        .hasMessageContaining("spec.ipFamilyPolicy");
    refused(422, "Invalid", () -> service("a", "ipFamilies: [IPv4, IPv6],"))
        .hasMessageContaining("spec.ipFamilies[1]");
    refused(422, "Invalid", () -> service("a", "clusterIPs: [10.43.1.1],"))
        .hasMessageContaining(
            "spec.clusterIPs: Invalid value: [\"10.43.1.1\"]: first value must match");
    refused(
            422,
            "Invalid",
            () -> networks.create("{metadata: {name: six}, spec: {cidrs: ['fd00::/112']}}"))
        .hasMessageContaining("it has IPv4 addresses only");
    services.create(
        "{metadata: {name: a}, spec: {ipFamilyPolicy: PreferDualStack, ports: [{port: 1}]}}");
    Obj spec = services.get("a").child("spec");
    assertThat(spec.text("ipFamilyPolicy")).isEqualTo("PreferDualStack");
    assertThat(spec.texts("ipFamilies")).containsExactly("IPv4");
  }

  @Test
  void whatDoesNotFitTheServicesIsRepairedAtTheStart() throws InterruptedException {
    String lost = service("lost", "type: NodePort,");
    long port = services.get("lost").child("spec").items("ports").getFirst().number("nodePort", 0);
    String leaked = service("leaked", "");
    store.write(
        List.of(
            new Op.Delete(new Key("networking.k8s.io/ipaddresses", lost), Op.ANY, new byte[0], -1),
            new Op.Delete(new Key("kapell/nodeports", "" + port), Op.ANY, new byte[0], -1),
            new Op.Delete(new Key("services", "default/leaked"), Op.ANY, new byte[0], -1),
            new Op.Put(new Key("kapell/addresses", "10.43.1.2"), new byte[] {1}, Op.ANY, -1),
            new Op.Put(new Key("kapell/nodeports", "30001"), new byte[] {1}, Op.ANY, -1)));
    addresses.create(
        "{metadata: {name: 10.43.7.7}, spec: {parentRef: {resource: things, group: a.b, name: t}}}");
    ApiCore.Needs needs =
        new ApiCore.Needs(
            store,
            api.clock,
            Randomness.seeded(9),
            order -> {
              throw new IllegalStateException("no token is asked for");
            });
    try (ApiCore again = ApiCore.open(needs)) {
      assertThat(again.pipeline().catalog().all()).isNotEmpty();
      assertThat(addresses.find(lost)).isPresent();
      assertThat(addresses.find(leaked)).isEmpty();
      assertThat(addresses.find("10.43.7.7")).isPresent();
      assertThat(store.snapshot().get(new Key("kapell/nodeports", "" + port))).isPresent();
      assertThat(store.snapshot().get(new Key("kapell/nodeports", "30001"))).isEmpty();
      assertThat(store.snapshot().get(new Key("kapell/addresses", "10.43.1.2"))).isEmpty();
    }
  }

  @Test
  void aServiceThatKeepsItsTrafficOnTheNodeHasAPortForItsHealth() {
    String balanced = "type: LoadBalancer, externalTrafficPolicy: Local,";
    service("a", balanced);
    Obj spec = services.get("a").child("spec");
    long port = spec.number("healthCheckNodePort", 0);
    assertThat(port).isBetween(30_000L, 32_767L);
    assertThat(port).isNotEqualTo(spec.items("ports").getFirst().number("nodePort", 0));
    refused(422, "Invalid", () -> service("b", balanced + "healthCheckNodePort: " + port + ","))
        .hasMessageContaining("spec.healthCheckNodePort")
        .hasMessageContaining("provided port is already allocated");
    refused(422, "Invalid", () -> service("b", balanced + "healthCheckNodePort: 80,"))
        .hasMessageContaining("spec.healthCheckNodePort");
    refused(422, "Invalid", () -> service("b", "type: NodePort, healthCheckNodePort: 30999,"))
        .hasMessageContaining(
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    refused(
            422,
            "Invalid",
            () -> services.patch("a", "merge-patch", "spec: {healthCheckNodePort: 30998}"))
        .hasMessageContaining("spec.healthCheckNodePort: Forbidden: field is immutable");
    Obj without = services.get("a");
    without.child("spec").drop("healthCheckNodePort");
    assertThat(services.update("a", without).child("spec").number("healthCheckNodePort", 0))
        .as("an update that leaves it out keeps it")
        .isEqualTo(port);
    services.patch("a", "merge-patch", "spec: {externalTrafficPolicy: Cluster}");
    assertThat(services.get("a").child("spec").has("healthCheckNodePort")).isFalse();
    service("b", balanced + "healthCheckNodePort: " + port + ",");
    services.delete("b");
    service("c", balanced + "healthCheckNodePort: " + port + ",");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "type: NodePort, ports: [{port: 80, nodePort: 30100}] | spec.ports[0].nodePort: Invalid value: 30100: provided port is already allocated",
        "type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 30200, ports: [{port: 80}] | spec.healthCheckNodePort: Invalid value: 30200: provided port is already allocated",
        "clusterIP: 10.43.7.7, ports: [{port: 80}] | spec.clusterIPs: Invalid value: [\"10.43.7.7\"]: failed to allocate IP 10.43.7.7: provided IP is already allocated",
      })
  void ofThoseWhoAskForTheSameAtTheSameMomentOneGetsIt(String spec, String why)
      throws DecodeException {
    List<Optional<ApiFailure>> outcomes = together("{" + spec + "}");
    assertThat(outcomes.getFirst()).isEmpty();
    assertThat(outcomes.subList(1, outcomes.size()))
        .allSatisfy(
            outcome ->
                assertThat(outcome.orElseThrow())
                    .hasMessageContaining(why)
                    .hasMessageContaining("Service"));
    assertThat(services.names()).containsExactly("s0");
  }

  @Test
  void thoseWhoAskForAnyAtTheSameMomentGetDifferentOnes() throws DecodeException {
    networks.create("{metadata: {name: small}, spec: {cidrs: [10.98.0.0/28]}}");
    assertThat(together("{type: NodePort, ports: [{port: 80}]}")).containsOnly(Optional.empty());
    List<String> given = new ArrayList<>();
    for (String name : services.names()) {
      Obj spec = services.get(name).child("spec");
      given.add(spec.text("clusterIP"));
      given.add("" + spec.items("ports").getFirst().number("nodePort", 0));
    }
    assertThat(given).hasSize(2 * AT_ONCE).doesNotHaveDuplicates();
  }

  /** What becomes of services that are worked out before the first of them is committed. */
  private List<Optional<ApiFailure>> together(String spec) throws DecodeException {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      String yaml = "{metadata: {name: s" + i + ", namespace: default}, spec: " + spec + "}";
      byte[] json = Api.yaml(yaml).bytes();
      writes.add(
          new Write.Create<>(
              Types.SERVICE,
              JsonCodec.decode(Types.SERVICE.codec(), json, UnknownFields.STRICT).value()));
    }
    return api.core.client(User.SYSTEM, "test").writeAll(writes);
  }
}
