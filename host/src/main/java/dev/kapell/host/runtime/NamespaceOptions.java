package dev.kapell.host.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Which Linux namespaces a sandbox or container lives in.
 *
 * @param network {@code POD} or {@code NODE}
 * @param pid {@code CONTAINER} (its own), {@code POD} (shared), {@code NODE} or {@code TARGET}
 * @param ipc {@code POD} or {@code NODE}
 * @param target whose pid namespace, with {@code TARGET} only
 */
public record NamespaceOptions(Mode network, Mode pid, Mode ipc, @Nullable ContainerId target) {
  /** Whose namespace. */
  public enum Mode {
    /** The pod's. */
    POD,
    /** The container's own. */
    CONTAINER,
    /** The machine's. */
    NODE,
    /** That of another container. */
    TARGET
  }

  /**
   * The default of Kubernetes: own network and IPC for the pod, own processes for each container.
   */
  public static final NamespaceOptions POD =
      new NamespaceOptions(Mode.POD, Mode.CONTAINER, Mode.POD, null);
}
