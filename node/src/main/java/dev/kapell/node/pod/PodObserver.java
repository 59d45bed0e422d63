package dev.kapell.node.pod;

import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ContainerState;
import dev.kapell.host.runtime.ContainerStatus;
import dev.kapell.host.runtime.ContainerSummary;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.SandboxId;
import dev.kapell.node.config.Labels;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.plan.SandboxSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the runtime about one pod. For one thread; an exited container is asked about once. */
final class PodObserver {
  private final ContainerRuntime runtime;
  private final TerminationMessages messages;
  private final Map<String, ContainerSeen> exited = new HashMap<>();
  private final Map<String, String> imageIds = new HashMap<>();

  PodObserver(ContainerRuntime runtime, TerminationMessages messages) {
    this.runtime = runtime;
    this.messages = messages;
  }

  /** What the runtime has of the pod. */
  record Seen(List<SandboxSeen> sandboxes, List<ContainerSeen> containers) {}

  Seen look(PodMemory memory) {
    List<SandboxSeen> sandboxes = new ArrayList<>();
    List<ContainerSeen> containers = new ArrayList<>();
    for (String id : memory.sandboxes()) {
      SandboxId sandbox = new SandboxId(id);
      var status = runtime.sandboxStatus(sandbox);
      if (status.isEmpty()) {
        memory.sandboxRemoved(id);
        continue;
      }
      sandboxes.add(
          new SandboxSeen(
              id, status.get().pod().attempt(), status.get().ready(), status.get().ips()));
      for (ContainerSummary summary : runtime.listContainers(sandbox)) {
        container(memory, summary).ifPresent(containers::add);
      }
    }
    Set<String> ids = new HashSet<>();
    containers.forEach(c -> ids.add(c.id()));
    exited.keySet().retainAll(ids);
    memory.keepOnly(ids);
    return new Seen(sandboxes, containers);
  }

  private Optional<ContainerSeen> container(PodMemory memory, ContainerSummary summary) {
    ContainerSeen known = exited.get(summary.id().value());
    if (known != null) {
      return Optional.of(known);
    }
    Optional<ContainerSeen> seen =
        runtime.containerStatus(summary.id()).map(status -> seen(memory, summary, status));
    seen.filter(c -> c.state() == ContainerSeen.State.EXITED).ifPresent(c -> exited.put(c.id(), c));
    return seen;
  }

  private ContainerSeen seen(PodMemory memory, ContainerSummary summary, ContainerStatus status) {
    String message =
        status.state() == ContainerState.EXITED ? messages.of(memory.pod(), status) : "";
    return new ContainerSeen(
        status.id().value(),
        status.name(),
        summary.sandbox().value(),
        status.attempt(),
        status.annotations().getOrDefault(Labels.CONTAINER_HASH, ""),
        status.annotations().getOrDefault(Labels.RESOURCES_HASH, ""),
        ContainerSeen.State.valueOf(status.state().name()),
        status.exitCode(),
        status.startedAt(),
        status.finishedAt(),
        status.reason(),
        message,
        specImage(memory, status),
        imageId(status));
  }

  /** The reference in the spec, as the runtime was given an id. */
  private static String specImage(PodMemory memory, ContainerStatus status) {
    return dev.kapell.node.plan.PodContainers.find(memory.pod(), status.name())
        .map(c -> c.imageOr(""))
        .orElse(status.image());
  }

  /** With a digest where the image came from a registry. */
  private String imageId(ContainerStatus status) {
    return imageIds.computeIfAbsent(
        status.imageRef(),
        ref ->
            runtime
                .images()
                .find(ref)
                .map(Images.Image::digests)
                .filter(d -> !d.isEmpty())
                .map(List::getFirst)
                .orElse(ref));
  }
}
