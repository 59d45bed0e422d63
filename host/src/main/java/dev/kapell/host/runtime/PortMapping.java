package dev.kapell.host.runtime;

/**
 * A port of the host that leads into the pod.
 *
 * @param hostIp empty: all addresses
 */
public record PortMapping(Protocol protocol, int containerPort, int hostPort, String hostIp) {
  /** What is spoken on the port. */
  public enum Protocol {
    /** TCP. */
    TCP,
    /** UDP. */
    UDP,
    /** SCTP. */
    SCTP
  }
}
