package dev.kapell.testkit;

import dev.kapell.host.net.Subnet;
import java.nio.file.Path;

/**
 * Which node of a cluster, and how big.
 *
 * @param number from 1
 * @param folder of the cluster
 */
record NodePlace(int number, int cpus, long memoryBytes, Path folder) {
  /** As many /24 networks as there are in 10.42.0.0/16. */
  static final int MOST = 255;

  String name() {
    return "node-" + number;
  }

  Subnet pods() {
    return Subnet.parse("10.42." + number + ".0/24");
  }

  Path ownFolder() {
    return folder.resolve(name());
  }
}
