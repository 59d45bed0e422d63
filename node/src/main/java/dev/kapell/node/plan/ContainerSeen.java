package dev.kapell.node.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one container, as the runtime reports it.
 *
 * @param id the runtime's id, without a scheme
 * @param name the name in the pod's spec
 * @param sandboxId the sandbox that it lives in
 * @param attempt 0 for the first start, then the restart count
 * @param hash of the part of the spec that, changed, calls for a new container
 * @param resourcesHash of the resources it was created with
 * @param state how far it is
 * @param exitCode meaningful when exited
 * @param startedAt absent until started
 * @param finishedAt absent until exited
 * @param reason the runtime's word for the exit, may be empty
 * @param message the termination message, may be empty
 * @param image the reference asked for
 * @param imageId what it resolved to
 */
public record ContainerSeen(
    String id,
    String name,
    String sandboxId,
    int attempt,
    String hash,
    String resourcesHash,
    State state,
    int exitCode,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    String reason,
    String message,
    String image,
    String imageId) {

  /** The runtime's four states. */
  public enum State {
    CREATED,
    RUNNING,
    EXITED,
    UNKNOWN
  }

  boolean running() {
    return state == State.RUNNING;
  }

  boolean exited() {
    return state == State.EXITED;
  }

  /** Whether it has to be stopped before it can be forgotten. */
  boolean alive() {
    return state == State.RUNNING || state == State.UNKNOWN;
  }

  /** Made and not started: what is left when the agent died in between. */
  boolean unborn() {
    return state == State.CREATED;
  }
}
