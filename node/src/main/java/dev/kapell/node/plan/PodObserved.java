package dev.kapell.node.plan;

import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a decision about one pod rests on.
 *
 * @param pod as the API last had it, with the resources that the node has given to it
 * @param listed whether the API still has it; a pod that vanished is only cleaned up
 * @param verdict the node's refusal or eviction, if any
 * @param sandboxes every attempt, in any order
 * @param containers every attempt of every container, in any order
 * @param memory what the agent remembers of it
 * @param inFlight changes that are being carried out
 * @param hostIps this node's addresses, the primary one first
 */
public record PodObserved(
    Pod pod,
    boolean listed,
    @Nullable Verdict verdict,
    List<SandboxSeen> sandboxes,
    List<ContainerSeen> containers,
    Memory memory,
    Set<Change> inFlight,
    List<String> hostIps) {

  /** Copies the collections; newest attempts first. */
  public PodObserved {
    sandboxes =
        sandboxes.stream()
            .sorted(Comparator.comparingInt(SandboxSeen::attempt).reversed())
            .toList();
    containers =
        containers.stream()
            .sorted(Comparator.comparingInt(ContainerSeen::attempt).reversed())
            .toList();
    inFlight = Set.copyOf(inFlight);
    hostIps = List.copyOf(hostIps);
  }

  /**
   * What only the agent knows; lost when it restarts, and then found again by trying.
   *
   * @param volumes how far the volumes are
   * @param images by container name
   * @param failures to create or start, by container name
   * @param restarts back-off, by container name
   * @param probes by container id; a container with probes that is missing here is not yet probed
   * @param condemned ids of containers killed in order to be started again
   * @param stopped ids of sandboxes whose network has been taken down
   * @param resizes how far its resizes are
   * @param sandboxFailure why the last sandbox could not be made, if it failed
   */
  public record Memory(
      VolumesSeen volumes,
      Map<String, ImageSeen> images,
      Map<String, StartFailure> failures,
      Map<String, RestartWait> restarts,
      Map<String, ProbeSeen> probes,
      Set<String> condemned,
      Set<String> stopped,
      ResizeSeen resizes,
      @Nullable StartFailure sandboxFailure) {

    /** A pod seen for the first time. */
    public static final Memory NEW =
        new Memory(
            new VolumesSeen.Unmounted(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Set.of(),
            Set.of(),
            ResizeSeen.NONE,
            null);

    /** Copies the collections. */
    public Memory {
      images = Map.copyOf(images);
      failures = Map.copyOf(failures);
      restarts = Map.copyOf(restarts);
      probes = Map.copyOf(probes);
      condemned = Set.copyOf(condemned);
      stopped = Set.copyOf(stopped);
    }
  }

  /** The sandbox in which containers run, if it is ready. */
  public Optional<SandboxSeen> readySandbox() {
    return sandboxes.stream().limit(1).filter(SandboxSeen::ready).findFirst();
  }

  /** The newest attempt of a container. */
  Optional<ContainerSeen> latest(String name) {
    return containers.stream().filter(c -> c.name().equals(name) && !c.unborn()).findFirst();
  }

  /**
   * The newest attempt of a container within the ready sandbox: what counts for init containers.
   */
  Optional<ContainerSeen> latestInSandbox(String name) {
    return readySandbox()
        .flatMap(
            sandbox ->
                containers.stream()
                    .filter(c -> c.name().equals(name) && !c.unborn())
                    .filter(c -> c.sandboxId().equals(sandbox.id()))
                    .findFirst());
  }

  /**
   * What a container has at the runtime, as far as it was given by this agent or told to the API.
   */
  Optional<ResourceRequirements> applied(ContainerSeen container) {
    return Optional.ofNullable(memory.resizes().applied().get(container.id()))
        .or(
            () ->
                ContainerStatuses.recorded(pod, container.name())
                    .filter(s -> s.containerIDOr("").endsWith("/" + container.id()))
                    .map(ContainerStatus::resources));
  }

  /** The hash of what a container has at the runtime; empty when nobody knows. */
  String appliedHash(ContainerSeen container) {
    return applied(container).map(PodContainers::resourcesHash).orElseGet(container::resourcesHash);
  }

  /** The running containers that do not have what they were given. */
  List<ContainerSeen> resizing() {
    return containers.stream()
        .filter(ContainerSeen::running)
        .filter(
            running -> {
              String applied = appliedHash(running);
              return !applied.isEmpty()
                  && PodContainers.find(pod, running.name())
                      .filter(c -> !PodContainers.resourcesHash(c).equals(applied))
                      .isPresent();
            })
        .toList();
  }

  /** Whether a change of this shape is being carried out. */
  <C extends Change> Optional<C> underWay(Class<C> shape) {
    return inFlight.stream().filter(shape::isInstance).map(shape::cast).findFirst();
  }

  boolean starting(String name) {
    return inFlight.stream()
        .anyMatch(c -> c instanceof Change.StartContainer s && s.name().equals(name));
  }

  Optional<Change.KillContainer> killing(String id) {
    return inFlight.stream()
        .filter(c -> c instanceof Change.KillContainer k && k.id().equals(id))
        .map(Change.KillContainer.class::cast)
        .min(Comparator.comparing(Change.KillContainer::grace));
  }
}
