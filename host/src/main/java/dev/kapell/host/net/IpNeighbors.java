package dev.kapell.host.net;

import dev.kapell.host.process.Processes;
import java.net.InetAddress;
import java.util.List;

/** Neighbours through ip(8) and bridge(8). */
final class IpNeighbors implements Neighbors {
  private static final List<String> ABSENT =
      List.of("No such file or directory", "Cannot find device", "No such device");

  private final Tool ip;
  private final Tool bridge;

  IpNeighbors(Processes processes) {
    this.ip = new Tool(processes, "ip");
    this.bridge = new Tool(processes, "bridge");
  }

  @Override
  public void replace(InetAddress address, String mac, String device) {
    ip.run(
        "neigh",
        "replace",
        address.getHostAddress(),
        "lladdr",
        mac,
        "dev",
        device,
        "nud",
        "permanent");
  }

  @Override
  public void delete(InetAddress address, String device) {
    ip.runUnless(ABSENT, "neigh", "delete", address.getHostAddress(), "dev", device);
  }

  @Override
  public void replaceForwarding(String mac, InetAddress remote, String device) {
    bridge.run("fdb", "replace", mac, "dev", device, "dst", remote.getHostAddress());
  }

  @Override
  public void deleteForwarding(String mac, String device) {
    bridge.runUnless(ABSENT, "fdb", "delete", mac, "dev", device);
  }
}
