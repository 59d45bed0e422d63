package dev.kapell.node.plan;

import java.time.Duration;

/**
 * One step towards what the pod should be. {@link #reason} says why, in words a person can read.
 */
public sealed interface Change {
  /** Why this has to happen. */
  String reason();

  /** Prepare every volume of the pod. */
  record MountVolumes(String reason) implements Change {}

  /** Make the pod's namespaces and network; older sandboxes are stopped first. */
  record CreateSandbox(int attempt, String reason) implements Change {}

  /** See that a container's image is here, by its pull policy. */
  record PullImage(String name, String image, String reason) implements Change {}

  /**
   * Create and start a container, and run its postStart hook.
   *
   * @param last whether all running containers of the pod have what they were given
   * @param backoff the wait that holds from now on
   */
  record StartContainer(
      String name, int attempt, String sandboxId, boolean last, RestartWait backoff, String reason)
      implements Change {}

  /**
   * Run the preStop hook, then stop the container.
   *
   * @param again whether it is to be started again afterwards, whatever its exit code
   */
  record KillContainer(String id, String name, Duration grace, boolean again, String reason)
      implements Change {}

  /**
   * Apply changed resources to a running container.
   *
   * @param last whether all other containers of the pod have what they were given
   */
  record ResizeContainer(String id, String name, boolean last, String reason) implements Change {}

  /** Take the pod's network down and stop its sandbox. */
  record StopSandbox(String id, String reason) implements Change {}

  /** Forget an exited container and its logs. */
  record RemoveContainer(String id, String reason) implements Change {}

  /** Forget a stopped sandbox and what is left in it. */
  record RemoveSandbox(String id, String reason) implements Change {}

  /** Unmount the volumes and remove the pod's cgroup and folders. */
  record Release(String reason) implements Change {}

  /** The last word: the API may forget the pod. Its final status is written before. */
  record DeleteFromApi(String reason) implements Change {}

  /** Whether a termination has to wait until this is finished or given up. */
  default boolean builds() {
    return switch (this) {
      case MountVolumes _, CreateSandbox _, PullImage _, StartContainer _, ResizeContainer _ ->
          true;
      case KillContainer _,
          StopSandbox _,
          RemoveContainer _,
          RemoveSandbox _,
          Release _,
          DeleteFromApi _ ->
          false;
    };
  }
}
