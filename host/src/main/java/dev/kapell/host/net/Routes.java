package dev.kapell.host.net;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IPv4 and IPv6 routes of the main table. Every method throws {@link NetworkFailure}. */
public interface Routes {

  /** All routes. */
  List<Route> list();

  /** Adds a route or replaces the one to the same destination. */
  void replace(Route route);

  /** Removes the route to {@code destination}. Repeatable. */
  void delete(Subnet destination);

  /**
   * A route.
   *
   * @param destination {@code 0.0.0.0/0} for the default route
   * @param via null: directly on the device
   * @param device empty: found through {@code via}
   * @param onlink {@code via} needs no route of its own
   * @param source address that locally made packets get; null: the kernel chooses
   */
  record Route(
      Subnet destination,
      @Nullable InetAddress via,
      String device,
      boolean onlink,
      @Nullable InetAddress source) {}
}
