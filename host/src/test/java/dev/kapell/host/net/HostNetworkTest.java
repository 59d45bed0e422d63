package dev.kapell.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.host.process.Command;
import dev.kapell.host.process.CommandResult;
import dev.kapell.host.process.Processes;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real programs, in a network namespace of the test's own. */
class HostNetworkTest {
  private final Processes processes = Processes.ofThisMachine();
  private final String namespace = "kt" + UUID.randomUUID().toString().substring(0, 8);
  private final HostNetwork network = HostNetwork.ofThisMachine(new Inside());

  /** Runs every program inside the namespace. */
  private final class Inside implements Processes {
    @Override
    public CommandResult run(Command command) throws InterruptedException {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("nsenter", "--net=/run/netns/" + namespace));
      arguments.addAll(command.arguments());
      return processes.run(
          new Command(
              arguments,
              command.input(),
              command.environment(),
              command.limit(),
              command.outputLimitBytes()));
    }

    @Override
    public long startDetached(Command command, Path log) {
      return processes.startDetached(command, log);
    }

    @Override
    public boolean isAlive(long pid) {
      return processes.isAlive(pid);
    }

    @Override
    public CompletableFuture<Void> onExit(long pid) {
      return processes.onExit(pid);
    }

    @Override
    public boolean signal(long pid, Signal signal) {
      return processes.signal(pid, signal);
    }

    @Override
    public void killTree(long pid) throws InterruptedException {
      processes.killTree(pid);
    }
  }

  @BeforeEach
  void makesTheNamespace() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: network changes need root");
    for (String program : List.of("/usr/sbin/nft", "/usr/sbin/conntrack")) {
      Assumptions.assumeTrue(
          Files.isExecutable(Path.of(program)), "skipped: " + program + " is not installed");
    }
    processes.require(Command.of("ip", "netns", "add", namespace));
  }

  @AfterEach
  void removesIt() throws Exception {
    processes.run(Command.of("ip", "netns", "delete", namespace));
  }

  @Test
  void linksComeUpHaveAddressesAndGo() {
    Links links = network.links();
    links.addBridge("br0", 1400);
    links.addBridge("br0", 1400);
    Subnet address = Subnet.parse("10.99.1.1/24");
    links.addAddress("br0", address);
    links.addAddress("br0", address);
    Links.Link bridge = links.find("br0").orElseThrow();
    assertThat(bridge.kind()).isEqualTo("bridge");
    assertThat(bridge.up()).isTrue();
    assertThat(bridge.mtu()).isEqualTo(1400);
    assertThat(bridge.addresses()).contains(address);
    links.deleteAddress("br0", address);
    links.deleteAddress("br0", address);
    links.delete("br0");
    links.delete("br0");
    assertThat(links.find("br0")).isEmpty();
    assertThatThrownBy(() -> links.setUp("br0", true)).isInstanceOf(NetworkFailure.class);
  }

  @Test
  void aVxlanWithRoutesAndNeighboursStands() {
    Links links = network.links();
    links.addBridge("under", 1500);
    links.addAddress("under", Subnet.parse("172.30.9.11/24"));
    InetAddress local = InetAddress.ofLiteral("172.30.9.11");
    Links.Vxlan vxlan = new Links.Vxlan("vx0", 42, 8472, 1450, "02:42:0a:2a:01:00", local, "under");
    links.addVxlan(vxlan);
    int index = links.find("vx0").orElseThrow().index();
    links.addVxlan(vxlan);
    assertThat(links.find("vx0").orElseThrow().index()).as("kept").isEqualTo(index);

    InetAddress gateway = InetAddress.ofLiteral("10.42.2.0");
    Subnet destination = Subnet.parse("10.42.2.0/24");
    Routes.Route route = new Routes.Route(destination, gateway, "vx0", true, null);
    network.routes().replace(route);
    network.routes().replace(route);
    assertThat(network.routes().list()).contains(route);
    network.neighbors().replace(gateway, "02:42:0a:2a:02:00", "vx0");
    network
        .neighbors()
        .replaceForwarding("02:42:0a:2a:02:00", InetAddress.ofLiteral("172.30.9.12"), "vx0");
    network.neighbors().deleteForwarding("02:42:0a:2a:02:00", "vx0");
    network.neighbors().deleteForwarding("02:42:0a:2a:02:00", "vx0");
    network.neighbors().delete(gateway, "vx0");
    network.neighbors().delete(gateway, "vx0");
    network.routes().delete(destination);
    network.routes().delete(destination);
    assertThat(network.routes().list()).doesNotContain(route);
  }

  @Test
  void rulesAreAppliedAsAWholeOrNotAtAll() {
    Nftables nft = network.nftables();
    nft.apply("add table ip kapell\nadd chain ip kapell services\n");
    assertThat(nft.tables()).contains("ip kapell");
    assertThat(nft.listJson("table", "ip", "kapell")).contains("services");
    assertThatThrownBy(() -> nft.apply("add chain ip kapell other\nadd rule ip absent x accept\n"))
        .isInstanceOf(NetworkFailure.class);
    assertThat(nft.listJson("table", "ip", "kapell")).doesNotContain("other");
    assertThat(nft.listJson("table", "ip", "absent")).isEqualTo("{\"nftables\":[]}");
    nft.deleteTable("ip", "kapell");
    nft.deleteTable("ip", "kapell");
    assertThat(nft.tables()).doesNotContain("ip kapell");
  }

  @Test
  void forgettingNoConnectionIsNoFailure() {
    Conntrack.Match match =
        new Conntrack.Match("udp", InetAddress.ofLiteral("10.43.0.10"), 53, null);
    assertThat(network.conntrack().delete(match)).isZero();
    assertThatThrownBy(() -> network.conntrack().delete(new Conntrack.Match("udp", null, 0, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void kernelParametersAreReadAndAbsentOnesSaid() {
    assertThat(network.sysctls().read("net.ipv4.ip_forward")).isPresent();
    assertThat(network.sysctls().read("net.no.such.parameter")).isEmpty();
    assertThatThrownBy(() -> network.sysctls().write("net.no.such.parameter", "1"))
        .isInstanceOf(NetworkFailure.class);
  }
}
