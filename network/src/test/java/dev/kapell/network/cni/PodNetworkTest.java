package dev.kapell.network.cni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.host.net.Conntrack;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.net.Links;
import dev.kapell.host.net.Neighbors;
import dev.kapell.host.net.Nftables;
import dev.kapell.host.net.Routes;
import dev.kapell.host.net.Subnet;
import dev.kapell.host.net.Sysctls;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodNetworkTest {
  @TempDir Path directory;
  private final List<String> calls = new ArrayList<>();

  /** A machine that only writes down what is asked of it. */
  private HostNetwork notebook() {
    return new HostNetwork(
        door(Nftables.class),
        door(Links.class),
        door(Routes.class),
        door(Neighbors.class),
        door(Sysctls.class),
        door(Conntrack.class));
  }

  private <T> T door(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              calls.add(method.getName() + Arrays.toString(arguments));
              return method.getReturnType().equals(Optional.class) ? Optional.of("0") : null;
            }));
  }

  private PodNetwork network() {
    return new PodNetwork(
        notebook(),
        new PodNetwork.Settings(
            Subnet.parse("10.42.3.0/24"),
            Subnet.parse("10.43.0.0/16"),
            1400,
            directory.resolve("net.d"),
            directory.resolve("ipam")));
  }

  @Test
  void theBridgeHasTheFirstAddressAndTheConfigurationNamesIt() throws IOException {
    network().up();
    assertThat(calls)
        .contains(
            "addBridge[kapell0, 1400]",
            "addAddress[kapell0, 10.42.3.1/24]",
            "write[net.ipv4.ip_forward, 1]",
            "write[net.bridge.bridge-nf-call-iptables, 1]");
    String written = Files.readString(directory.resolve("net.d").resolve(PodNetwork.CONFIGURATION));
    Object tree = JsonCodec.readTree(written.getBytes(StandardCharsets.UTF_8));
    assertThat(tree).as("valid JSON").asString().contains("cniVersion=0.4.0");
    assertThat(written)
        .contains("\"bridge\": \"kapell0\"", "\"subnet\": \"10.42.3.0/24\"", "\"mtu\": 1400");
  }

  @Test
  void upTwiceAndRemovedLeavesNoFile() throws IOException {
    network().up();
    network().up();
    Files.createDirectories(directory.resolve("ipam/kapell"));
    Files.writeString(directory.resolve("ipam/kapell/10.42.3.2"), "x");
    network().remove();
    network().remove();
    assertThat(directory.resolve("net.d")).isEmptyDirectory();
    assertThat(directory.resolve("ipam")).doesNotExist();
    assertThat(calls).contains("delete[kapell0]");
  }
}
