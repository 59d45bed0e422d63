package dev.kapell.host.runtime;

/**
 * Where a container is in its life.
 *
 * <pre>CREATED → RUNNING → EXITED → (removed); UNKNOWN when the runtime lost track</pre>
 */
public enum ContainerState {
  /** Made, not started. */
  CREATED,
  /** Its first process runs. */
  RUNNING,
  /** Its first process has ended. */
  EXITED,
  /** The runtime does not know. */
  UNKNOWN
}
