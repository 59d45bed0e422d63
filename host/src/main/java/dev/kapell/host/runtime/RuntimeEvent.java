package dev.kapell.host.runtime;

import java.time.Instant;

/**
 * What the runtime says happened, by the id of a container or of a sandbox (its pause process
 * counts as one). When {@link Exited} is delivered, {@code containerStatus} and {@code
 * sandboxStatus} say so too.
 */
public sealed interface RuntimeEvent {

  /** The value of a {@link ContainerId} or {@link SandboxId}. */
  String id();

  /** The first process runs. */
  record Started(String id) implements RuntimeEvent {}

  /**
   * The first process has ended.
   *
   * @param exitCode 128 + signal when a signal ended it
   */
  record Exited(String id, int exitCode, Instant at) implements RuntimeEvent {}

  /** The kernel killed a process of the container for lack of memory; not always the first one. */
  record OutOfMemory(String id) implements RuntimeEvent {}
}
