package dev.kapell.network.cni;

import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.net.Links;
import dev.kapell.host.net.Routes.Route;
import dev.kapell.host.net.Subnet;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The network of one node's pods: a bridge whose address is the pods' gateway.
 *
 * <pre>
 * pod eth0 ── veth ── kapell0 (first address of podCidr) ── routes ── other nodes, the world
 * </pre>
 *
 * <p>The bridge is there before the first pod, with a route for the Services' addresses, so that
 * the node reaches them even without a default route and chooses an address that pods can answer.
 */
public final class PodNetwork {
  /** The bridge's name. */
  public static final String BRIDGE = "kapell0";

  private static final String LOOPBACK = "lo";

  /** Ours to write; the number leaves room for a file that has to come before it. */
  static final String CONFIGURATION = "10-kapell.conflist";

  private static final String BRIDGED_PACKETS = "net.bridge.bridge-nf-call-iptables";
  private static final System.Logger LOG = System.getLogger("kapell.network");

  private final HostNetwork network;
  private final Settings settings;

  /**
   * How the pods are wired.
   *
   * @param podCidr this node's pods, for instance {@code 10.42.0.0/24}
   * @param serviceCidr all Services, for instance {@code 10.43.0.0/16}
   * @param mtu of the pods' interfaces, in bytes
   * @param confDir where the runtime looks for the configuration
   * @param ipamDir where the plugin host-local notes who has which address
   */
  public record Settings(Subnet podCidr, Subnet serviceCidr, int mtu, Path confDir, Path ipamDir) {}

  /** Nothing is touched yet. */
  public PodNetwork(HostNetwork network, Settings settings) {
    this.network = network;
    this.settings = settings;
  }

  /**
   * Makes everything as it has to be; repeatable, and harmless to pods that run. The configuration
   * comes last, because the runtime starts pods as soon as it sees it.
   */
  public void up() throws IOException {
    network.sysctls().write("net.ipv4.ip_forward", "1");
    if (network.sysctls().read(BRIDGED_PACKETS).isPresent()) {
      network.sysctls().write(BRIDGED_PACKETS, "1");
    } else {
      LOG.log(
          System.Logger.Level.WARNING,
          "pods of this node cannot reach each other through Services: load the kernel module"
              + " with: modprobe br_netfilter");
    }
    Subnet gateway = new Subnet(settings.podCidr().host(1), settings.podCidr().prefixLength());
    Links links = network.links();
    links.addBridge(BRIDGE, settings.mtu());
    links.addAddress(BRIDGE, gateway);
    network
        .routes()
        .replace(new Route(settings.serviceCidr(), null, LOOPBACK, false, gateway.address()));
    Files.createDirectories(settings.confDir());
    writeConfiguration();
  }

  /**
   * Removes the bridge, the configuration and the notes about addresses. No pod may run any more.
   */
  public void remove() throws IOException {
    Files.deleteIfExists(settings.confDir().resolve(CONFIGURATION));
    network.routes().delete(settings.serviceCidr());
    network.links().delete(BRIDGE);
    deleteTree(settings.ipamDir());
  }

  private void writeConfiguration() throws IOException {
    Path target = settings.confDir().resolve(CONFIGURATION);
    String wanted = configuration();
    if (Files.exists(target) && Files.readString(target).equals(wanted)) {
      return;
    }
    Path part = settings.confDir().resolve(CONFIGURATION + ".part");
    Files.writeString(part, wanted);
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The chain of plugins. Masquerading and host ports are the service table's work. */
  private String configuration() {
    return """
        {
          "cniVersion": "0.4.0",
          "name": "kapell",
          "plugins": [
            {
              "type": "bridge",
              "bridge": "%s",
              "isGateway": true,
              "ipMasq": false,
              "hairpinMode": true,
              "mtu": %d,
              "ipam": {
                "type": "host-local",
                "dataDir": "%s",
                "ranges": [[{ "subnet": "%s" }]],
                "routes": [{ "dst": "0.0.0.0/0" }]
              }
            }
          ]
        }
        """
        .formatted(
            BRIDGE,
            settings.mtu(),
            settings.ipamDir().toString().replace("\\", "\\\\").replace("\"", "\\\""),
            settings.podCidr().network());
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      return; // nothing was ever noted
    }
  }
}
