package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a test lets the planner see; each {@code with} is a copy. */
record Seen(
    Pod pod,
    List<SandboxSeen> sandboxes,
    List<ContainerSeen> containers,
    PodObserved.Memory memory,
    Set<Change> inFlight) {
  static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  static Seen of(PodSpec spec) {
    Pod pod =
        Pod.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("web").withUid("u1"))
            .withSpec(spec);
    return new Seen(pod, List.of(), List.of(), PodObserved.Memory.NEW, Set.of());
  }

  static Container container(String name) {
    return Container.builder().name(name).image(name + ":1").build();
  }

  Seen withPod(Pod other) {
    return new Seen(other, sandboxes, containers, memory, inFlight);
  }

  Seen withSandbox(boolean ready) {
    SandboxSeen sandbox = new SandboxSeen("s0", 0, ready, List.of("10.42.0.2"));
    return new Seen(pod, List.of(sandbox), containers, memory, inFlight);
  }

  /** Volumes are mounted and every image is here. */
  Seen prepared() {
    Map<String, ImageSeen> images = new HashMap<>();
    PodContainers.all(pod)
        .forEach(c -> images.put(c.nameOr(""), new ImageSeen.Present("sha256:1")));
    return with(new VolumesSeen.Mounted(), images, memory.restarts(), memory.probes());
  }

  Seen withImage(String name, ImageSeen image) {
    Map<String, ImageSeen> images = new HashMap<>(memory.images());
    images.put(name, image);
    return with(memory.volumes(), images, memory.restarts(), memory.probes());
  }

  Seen withRestart(String name, RestartWait wait) {
    return with(memory.volumes(), memory.images(), Map.of(name, wait), memory.probes());
  }

  Seen withProbe(String id, ProbeSeen probe) {
    return with(memory.volumes(), memory.images(), memory.restarts(), Map.of(id, probe));
  }

  Seen released() {
    PodObserved.Memory m = memory;
    return new Seen(
        pod,
        sandboxes,
        containers,
        new PodObserved.Memory(
            new VolumesSeen.Released(),
            m.images(),
            m.failures(),
            m.restarts(),
            m.probes(),
            m.condemned(),
            Set.of("s0"),
            m.resizes(),
            m.sandboxFailure()),
        inFlight);
  }

  private Seen with(
      VolumesSeen volumes,
      Map<String, ImageSeen> images,
      Map<String, RestartWait> restarts,
      Map<String, ProbeSeen> probes) {
    PodObserved.Memory m = memory;
    return new Seen(
        pod,
        sandboxes,
        containers,
        new PodObserved.Memory(
            volumes,
            images,
            m.failures(),
            restarts,
            probes,
            m.condemned(),
            m.stopped(),
            m.resizes(),
            m.sandboxFailure()),
        inFlight);
  }

  Seen running(String name, int attempt) {
    return with(name, attempt, ContainerSeen.State.RUNNING, 0, null);
  }

  Seen exited(String name, int attempt, int exitCode, Instant at) {
    return with(name, attempt, ContainerSeen.State.EXITED, exitCode, at);
  }

  Seen with(
      String name,
      int attempt,
      ContainerSeen.State state,
      int exitCode,
      @Nullable Instant finished) {
    List<ContainerSeen> more = new java.util.ArrayList<>(containers);
    more.add(
        new ContainerSeen(
            name + attempt,
            name,
            "s0",
            attempt,
            "",
            "",
            state,
            exitCode,
            NOW.minusSeconds(100),
            finished,
            "",
            "",
            name + ":1",
            "sha256:1"));
    return new Seen(pod, sandboxes, more, memory, inFlight);
  }

  /** A running container that was made with {@code resources}. */
  Seen runningWith(String name, ResourceRequirements resources) {
    return running(name, 0)
        .withResizes(new ResizeSeen(Map.of(name + 0, resources), Map.of(), null));
  }

  Seen withResizes(ResizeSeen resizes) {
    PodObserved.Memory m = memory;
    return new Seen(
        pod,
        sandboxes,
        containers,
        new PodObserved.Memory(
            m.volumes(),
            m.images(),
            m.failures(),
            m.restarts(),
            m.probes(),
            m.condemned(),
            m.stopped(),
            resizes,
            m.sandboxFailure()),
        inFlight);
  }

  Seen inFlight(Change change) {
    Set<Change> more = new java.util.HashSet<>(inFlight);
    more.add(change);
    return new Seen(pod, sandboxes, containers, memory, more);
  }

  PodPlan plan() {
    return plan(true);
  }

  PodPlan plan(boolean listed) {
    return PodPlanner.decide(
        new PodObserved(
            pod, listed, null, sandboxes, containers, memory, inFlight, List.of("192.0.2.1")),
        NOW);
  }

  /** The changes, each by its shape and target. */
  static List<String> words(PodPlan plan) {
    return plan.changes().stream()
        .map(
            change ->
                switch (change) {
                  case Change.MountVolumes _ -> "mount";
                  case Change.CreateSandbox c -> "sandbox " + c.attempt();
                  case Change.PullImage c -> "pull " + c.name();
                  case Change.StartContainer c -> "start " + c.name() + " " + c.attempt();
                  case Change.KillContainer c ->
                      "kill " + c.id() + " " + c.grace().toSeconds() + (c.again() ? " again" : "");
                  case Change.ResizeContainer c -> "resize " + c.id();
                  case Change.StopSandbox c -> "stop " + c.id();
                  case Change.RemoveContainer c -> "remove " + c.id();
                  case Change.RemoveSandbox c -> "remove sandbox " + c.id();
                  case Change.Release _ -> "release";
                  case Change.DeleteFromApi _ -> "delete";
                })
        .toList();
  }
}
