package dev.kapell.scheduler.demand;

/** A port of the node that a container wants for itself. */
public record HostPort(String ip, String protocol, int port) {
  private static final String ANY = "0.0.0.0";

  /**
   * Whether both cannot be had on one node: the same port and protocol, on overlapping addresses.
   */
  public boolean conflictsWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(ANY) || other.ip.equals(ANY));
  }
}
