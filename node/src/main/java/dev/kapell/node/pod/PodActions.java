package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.cgroup.CgroupFailure;
import dev.kapell.host.cgroup.CgroupPath;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerStats;
import dev.kapell.host.runtime.LinuxResources;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.host.runtime.SandboxId;
import dev.kapell.host.runtime.SandboxSpec;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.config.Resources;
import dev.kapell.node.plan.Change;
import dev.kapell.node.plan.PodContainers;
import dev.kapell.node.plan.VolumesSeen;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Carries out the changes of one pod, each on a task of its own; an expected failure becomes part
 * of the memory.
 */
final class PodActions {
  private static final System.Logger LOG = System.getLogger("kapell.node");

  private final PodRoom room;
  private final PodMemory memory;
  private final ContainerActions containers;
  private final PodEvents events;
  private final PodGroup group;

  PodActions(PodRoom room, PodMemory memory, PodEvents events) {
    this.room = room;
    this.memory = memory;
    this.events = events;
    this.group = new PodGroup(room, memory);
    this.containers = new ContainerActions(room, memory, events, this::facts);
  }

  void carryOut(Change change) throws InterruptedException {
    LOG.log(System.Logger.Level.DEBUG, "pod change object={0} change={1}", events.name(), change);
    switch (change) {
      case Change.MountVolumes _ -> mount();
      case Change.CreateSandbox create -> createSandbox(create);
      case Change.PullImage pull -> new ImagePull(room, memory, events).run(pull);
      case Change.StartContainer start -> containers.start(start);
      case Change.KillContainer kill -> containers.kill(kill);
      case Change.ResizeContainer resize -> resize(resize);
      case Change.StopSandbox stop -> stopSandbox(stop.id());
      case Change.RemoveContainer remove ->
          room.runtime().removeContainer(new ContainerId(remove.id()));
      case Change.RemoveSandbox remove -> {
        room.runtime().removeSandbox(new SandboxId(remove.id()));
        memory.sandboxRemoved(remove.id());
      }
      case Change.Release _ -> release();
      case Change.DeleteFromApi _ ->
          throw new IllegalArgumentException("deleting is the status writer's part");
    }
  }

  /** The pod and its place, with the addresses of its sandbox. */
  PodFacts facts(List<String> ips) {
    Pod pod = memory.given();
    boolean host = pod.spec().hostNetworkOr(false);
    return PodPlace.of(room, pod).withPodIps(host ? room.node().hostIps() : ips);
  }

  private void mount() {
    try {
      room.volumes().mount(facts(List.of()));
      memory.volumes(new VolumesSeen.Mounted());
    } catch (ConfigFailure
        | IOException
        | dev.kapell.host.mount.MountFailure
        | dev.kapell.client.ApiFailure e) {
      memory.volumesFailed(String.valueOf(e.getMessage()), room.clock().now());
      events.warning("FailedMount", String.valueOf(e.getMessage()));
    }
  }

  private void createSandbox(Change.CreateSandbox create) {
    for (String old : memory.sandboxes()) {
      stopSandbox(old);
    }
    PodFacts facts = facts(List.of());
    try {
      Files.createDirectories(facts.logDirectory());
      group.create(facts);
      SandboxSpec spec = room.sandbox(facts, create.attempt());
      memory.sandbox(room.runtime().runSandbox(spec).value());
    } catch (RuntimeFailure | CgroupFailure | ConfigFailure | IOException e) {
      if (e instanceof RuntimeFailure f && f.is(RuntimeFailure.Kind.INTERRUPTED)) {
        throw f;
      }
      memory.sandboxFailed(String.valueOf(e.getMessage()), room.clock().now());
      events.warning("FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
      adoptStrays(facts);
    }
  }

  /** A call that failed may have left a sandbox; it must not be forgotten. */
  private void adoptStrays(PodFacts facts) {
    room.runtime().listSandboxes().stream()
        .filter(s -> s.pod().uid().equals(facts.uid()))
        .forEach(s -> memory.stray(s.id().value()));
  }

  private void stopSandbox(String id) {
    room.runtime().stopSandbox(new SandboxId(id));
    memory.stopped(id);
  }

  private void resize(Change.ResizeContainer resize) {
    PodFacts facts = facts(List.of());
    Optional<Container> container = PodContainers.find(facts.pod(), resize.name());
    if (container.isEmpty()) {
      return;
    }
    try {
      LinuxResources resources = Resources.of(facts, container.get());
      refuseLessThanUsed(resize, resources.memoryLimitBytes());
      group.grow(facts);
      room.runtime().updateResources(new ContainerId(resize.id()), resources);
      if (resize.last()) {
        group.settle(facts);
      }
      memory.applied(resize.id(), PodContainers.resources(container.get()));
      events.normal("ResizeCompleted", resize.name(), "Container resized");
    } catch (RuntimeFailure | CgroupFailure | ConfigFailure e) {
      if (e instanceof RuntimeFailure f && f.is(RuntimeFailure.Kind.INTERRUPTED)) {
        throw f;
      }
      memory.resizeFailed(resize.id(), String.valueOf(e.getMessage()), room.clock().now());
      events.warning("ResizeError", resize.name(), String.valueOf(e.getMessage()));
    }
  }

  /** What a container uses is not taken from it: the kernel would kill it. */
  private void refuseLessThanUsed(Change.ResizeContainer resize, long limitBytes) {
    long used =
        room.runtime()
            .stats(new ContainerId(resize.id()))
            .map(ContainerStats::memoryWorkingSetBytes)
            .orElse(0L);
    if (limitBytes > 0 && used > limitBytes) {
      throw new ConfigFailure(
          "attempting to set memory limit (%d) of container %s below current usage (%d)"
              .formatted(limitBytes, resize.name(), used));
    }
  }

  private void release() {
    PodFacts facts = facts(List.of());
    try {
      room.volumes().release(facts);
      CgroupPath group = Resources.cgroup(facts);
      if (!room.cgroups().remove(group)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "cgroup still in use object={0} cgroup={1}",
            events.name(),
            group);
      }
      memory.volumes(new VolumesSeen.Released());
    } catch (IOException | dev.kapell.host.mount.MountFailure | CgroupFailure e) {
      throw new IllegalStateException(
          "cannot release pod " + events.name() + ": " + e.getMessage(), e);
    }
  }
}
