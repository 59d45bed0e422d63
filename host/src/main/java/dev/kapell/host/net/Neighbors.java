package dev.kapell.host.net;

import java.net.InetAddress;

/**
 * Permanent entries of the neighbour table (which MAC has an address) and of a VXLAN's forwarding
 * table (behind which machine is a MAC). Every method throws {@link NetworkFailure}.
 */
public interface Neighbors {
  /** {@code address} on {@code device} has {@code mac}. */
  void replace(InetAddress address, String mac, String device);

  /** Forgets {@code address} on {@code device}. Repeatable. */
  void delete(InetAddress address, String device);

  /** Frames for {@code mac} on the VXLAN {@code device} go to the machine {@code remote}. */
  void replaceForwarding(String mac, InetAddress remote, String device);

  /** Forgets {@code mac} on {@code device}. Repeatable. */
  void deleteForwarding(String mac, String device);
}
