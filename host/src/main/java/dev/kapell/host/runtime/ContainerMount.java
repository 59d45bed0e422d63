package dev.kapell.host.runtime;

/**
 * A file or directory of the host, bound into a container.
 *
 * @param hostPath must exist
 * @param relabel gives it the container's SELinux label; for what nobody else uses
 */
public record ContainerMount(
    String hostPath,
    String containerPath,
    boolean readOnly,
    Propagation propagation,
    boolean relabel) {

  /** Which later mounts are seen on which side. */
  public enum Propagation {
    /** None. */
    PRIVATE,
    /** The host's are seen in the container. */
    HOST_TO_CONTAINER,
    /** Both ways. */
    BIDIRECTIONAL
  }

  /** A private bind of the pod's own. */
  public ContainerMount(String hostPath, String containerPath, boolean readOnly) {
    this(hostPath, containerPath, readOnly, Propagation.PRIVATE, true);
  }
}
