package dev.kapell.scheduler.device;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.ResourceSliceSpec;
import dev.kapell.control.match.NodeSelection;
import org.jspecify.annotations.Nullable;

/**
 * A device that a driver offers. Compared by identity.
 *
 * @param id which one
 * @param device what the driver says of it
 * @param pool the pool that it is in
 * @param reach the nodes that can use it
 * @param kind the same number for all devices of a pool that differ in nothing but the name
 */
record Offer(DeviceId id, Device device, Pool pool, Reach reach, int kind) {
  /**
   * The nodes that can use something.
   *
   * @param node its name, if it is one
   * @param selector those that it matches; null for all, or when there is one
   */
  record Reach(String node, @Nullable NodeSelector selector) {
    static Reach of(ResourceSliceSpec slice, Device device) {
      return slice.perDeviceNodeSelectionOr(false)
          ? new Reach(device.nodeNameOr(""), device.nodeSelector())
          : new Reach(slice.nodeNameOr(""), slice.nodeSelector());
    }

    boolean includes(Node there) {
      return node.isEmpty()
          ? selector == null || NodeSelection.matches(selector, there)
          : node.equals(there.metadata().name());
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
