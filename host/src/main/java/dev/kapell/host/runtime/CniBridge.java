package dev.kapell.host.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The network of one node's pods: a bridge with addresses given out by {@code host-local}, and host
 * ports by {@code portmap}. Traffic is not masqueraded; that is for the caller's own rules.
 *
 * @param bridge name of the interface, at most 15 letters
 * @param subnet the node's pod range, {@code 10.42.1.0/24}; its first address is the bridge's
 * @param leases directory where {@code host-local} keeps what it has given out
 */
public record CniBridge(String bridge, String subnet, int mtu, Path leases) {
  private static final String FILE = "10-kapell.conflist";

  /** Writes the network list in one step; does nothing when it is there and equal. */
  public void install(Path cniConfigDirectory) {
    Path file = cniConfigDirectory.resolve(FILE);
    String text = toJson();
    try {
      Files.createDirectories(cniConfigDirectory);
      if (Files.exists(file) && Files.readString(file).equals(text)) {
        return;
      }
      Path draft = cniConfigDirectory.resolve(FILE + ".tmp");
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  String toJson() {
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
            "ranges": [[{"subnet": "%s"}]],
            "routes": [{"dst": "0.0.0.0/0"}]
          }
        },
        {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
      ]
    }
    """
        .formatted(bridge, mtu, leases, subnet);
  }
}
