package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Lifecycle;
import dev.kapell.api.core.v1.LifecycleHandler;
import dev.kapell.client.ApiFailure;
import dev.kapell.host.cgroup.CgroupFailure;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerMount;
import dev.kapell.host.runtime.ContainerSpec;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.host.runtime.RuntimeFailure.Kind;
import dev.kapell.host.runtime.SandboxId;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.ContainerConfig;
import dev.kapell.node.config.Environment;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.plan.Change;
import dev.kapell.node.plan.ImageSeen;
import dev.kapell.node.plan.PodContainers;
import dev.kapell.node.probe.Answer;
import dev.kapell.node.probe.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Starts and stops single containers, with their hooks. */
final class ContainerActions {
  /** What a container still gets after a preStop hook that used up the grace period. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(2);

  private static final Duration HOOK_LIMIT = Duration.ofHours(1);

  private final PodRoom room;
  private final PodMemory memory;
  private final PodEvents events;
  private final Function<List<String>, PodFacts> facts;

  ContainerActions(
      PodRoom room, PodMemory memory, PodEvents events, Function<List<String>, PodFacts> facts) {
    this.room = room;
    this.memory = memory;
    this.events = events;
    this.facts = facts;
  }

  void start(Change.StartContainer start) throws InterruptedException {
    SandboxId sandbox = new SandboxId(start.sandboxId());
    var status = room.runtime().sandboxStatus(sandbox);
    if (status.isEmpty()) {
      return;
    }
    PodFacts pod = facts.apply(status.get().ips());
    Container container = PodContainers.find(pod.pod(), start.name()).orElse(null);
    if (container == null) {
      return;
    }
    String stage = "CreateContainerConfigError";
    try {
      ContainerSpec spec = spec(pod, container, start, sandbox);
      stage = "CreateContainerError";
      PodGroup group = new PodGroup(room, memory);
      group.grow(pod);
      if (start.last()) {
        group.settle(pod);
      }
      ContainerId id =
          room.runtime()
              .createContainer(sandbox, room.sandbox(pod, status.get().pod().attempt()), spec);
      memory.applied(id.value(), PodContainers.resources(container));
      events.normal("Created", start.name(), "Container created");
      stage = "RunContainerError";
      memory.backoff(start.name(), start.backoff());
      room.runtime().startContainer(id);
      memory.started(start.name());
      events.normal("Started", start.name(), "Container started");
      postStart(pod, container, id);
    } catch (ConfigFailure | ApiFailure | CgroupFailure | IOException e) {
      fail(start, stage, String.valueOf(e.getMessage()));
    } catch (RuntimeFailure e) {
      if (!e.is(Kind.INTERRUPTED)) {
        fail(start, stage, String.valueOf(e.getMessage()));
      }
    } finally {
      if (container.imagePullPolicyOr("").equals("Always")) {
        memory.forgetImage(start.name());
      }
    }
  }

  private void fail(Change.StartContainer start, String reason, String message) {
    memory.startFailed(start.name(), reason, message, room.clock().now());
    if (reason.equals("CreateContainerError")) {
      memory.forgetImage(start.name());
    }
    events.warning("Failed", start.name(), "Error: " + message);
  }

  private ContainerSpec spec(
      PodFacts pod, Container container, Change.StartContainer start, SandboxId sandbox)
      throws IOException {
    Map<String, String> env = Environment.of(pod, container, room.sources());
    List<ContainerMount> mounts = room.files().mounts(pod, container, start.attempt(), env);
    String imageId =
        memory.image(start.name()) instanceof ImageSeen.Present here
            ? here.id()
            : container.imageOr("");
    Images.Image image =
        room.runtime()
            .images()
            .find(imageId)
            .orElseThrow(
                () ->
                    new ConfigFailure(
                        "image " + container.imageOr("") + " has vanished from this node"));
    return ContainerConfig.of(
        pod,
        container,
        start.attempt(),
        new ContainerConfig.Inputs(image, env, mounts, name -> running(sandbox, name)));
  }

  private String running(SandboxId sandbox, String name) {
    return room.runtime().listContainers(sandbox).stream()
        .filter(
            c ->
                c.name().equals(name)
                    && c.state() == dev.kapell.host.runtime.ContainerState.RUNNING)
        .map(c -> c.id().value())
        .findFirst()
        .orElseThrow(() -> new ConfigFailure("target container " + name + " is not running"));
  }

  private void postStart(PodFacts pod, Container container, ContainerId id)
      throws InterruptedException {
    Lifecycle lifecycle = container.lifecycle();
    LifecycleHandler hook = lifecycle == null ? null : lifecycle.postStart();
    if (hook == null) {
      return;
    }
    Answer answer = room.actions().hook(target(pod, container, id), hook, HOOK_LIMIT);
    if (!answer.good()) {
      events.warning(
          "FailedPostStartHook", container.nameOr(""), "PostStartHook failed: " + answer.message());
      memory.condemn(id.value());
      room.runtime()
          .stopContainer(
              id, Duration.ofSeconds(pod.graceSeconds()), PodContainers.stopSignal(container));
      memory.startFailed(
          container.nameOr(""), "PostStartHookError", answer.message(), room.clock().now());
    }
  }

  private static Target target(PodFacts pod, Container container, ContainerId id) {
    return new Target(
        id, container, pod.podIps().isEmpty() ? "127.0.0.1" : pod.podIps().getFirst());
  }

  void kill(Change.KillContainer kill) throws InterruptedException {
    ContainerId id = new ContainerId(kill.id());
    if (kill.again()) {
      memory.condemn(kill.id());
    }
    events.normal(
        "Killing", kill.name(), kill.again() ? kill.reason() : "Stopping container " + kill.name());
    Duration left = kill.grace();
    Container container = PodContainers.find(memory.pod(), kill.name()).orElse(null);
    Lifecycle lifecycle = container == null ? null : container.lifecycle();
    LifecycleHandler hook = lifecycle == null ? null : lifecycle.preStop();
    if (container != null && hook != null && left.isPositive()) {
      left = preStop(container, id, hook, left);
    }
    String signal = container == null ? "" : PodContainers.stopSignal(container);
    room.runtime().stopContainer(id, left, signal);
  }

  private Duration preStop(
      Container container, ContainerId id, LifecycleHandler hook, Duration grace)
      throws InterruptedException {
    long begun = room.clock().nanoTime();
    List<String> ips =
        memory.sandboxes().stream()
            .flatMap(s -> room.runtime().sandboxStatus(new SandboxId(s)).stream())
            .flatMap(s -> s.ips().stream())
            .toList();
    Answer answer = room.actions().hook(target(facts.apply(ips), container, id), hook, grace);
    if (!answer.good()) {
      events.warning(
          "FailedPreStopHook", container.nameOr(""), "PreStopHook failed: " + answer.message());
    }
    Duration left = grace.minusNanos(room.clock().nanoTime() - begun);
    return left.compareTo(LAST_GRACE) < 0 ? LAST_GRACE : left;
  }
}
