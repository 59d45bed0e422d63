package dev.kapell.host.net;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Network interfaces and their addresses. Every method throws {@link NetworkFailure}. */
public interface Links {

  /** All interfaces. */
  List<Link> list();

  /** One interface. */
  Optional<Link> find(String name);

  /** Creates a bridge, up. Repeatable. */
  void addBridge(String name, int mtu);

  /** Creates a VXLAN interface, up; an existing one that differs is replaced. Repeatable. */
  void addVxlan(Vxlan vxlan);

  /** Brings an interface up or down. */
  void setUp(String name, boolean up);

  /** Removes an interface. Repeatable. */
  void delete(String name);

  /** Gives an interface one more address. Repeatable. */
  void addAddress(String name, Subnet address);

  /** Takes an address from an interface. Repeatable. */
  void deleteAddress(String name, Subnet address);

  /**
   * An interface.
   *
   * @param kind {@code bridge}, {@code veth}, {@code vxlan}; empty for a physical one and loopback
   * @param mac empty when it has none
   * @param master the bridge it is a port of; empty: none
   */
  record Link(
      int index,
      String name,
      String kind,
      boolean up,
      int mtu,
      String mac,
      String master,
      List<Subnet> addresses) {
    /** Copies the list. */
    public Link {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A VXLAN interface without learning.
   *
   * @param mac of the interface
   * @param local address of the outer packets
   * @param device that carries the outer packets
   */
  record Vxlan(
      String name, int id, int port, int mtu, String mac, InetAddress local, String device) {}
}
