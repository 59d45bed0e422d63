package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.base.Backoff;
import dev.kapell.node.plan.ProbeSeen.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The changes of a pod that has to run. */
final class RunPlan {
  static final Backoff PULLS = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));
  private static final Backoff TRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final PodObserved seen;
  private final Pod pod;
  private final Progress progress;
  private final Draft draft;

  RunPlan(PodObserved seen, Progress progress, Draft draft) {
    this.seen = seen;
    this.pod = seen.pod();
    this.progress = progress;
    this.draft = draft;
  }

  void plan() {
    mountVolumes();
    keepHealthy();
    startEphemeralContainers();
    if (keepInitContainers()) {
      keepMainContainers();
    }
    ensureSandbox();
    forgetOldAttempts(seen, draft);
  }

  private void mountVolumes() {
    if (seen.underWay(Change.MountVolumes.class).isPresent()) {
      return;
    }
    switch (seen.memory().volumes()) {
      case VolumesSeen.Unmounted _ ->
          draft.add(new Change.MountVolumes("the pod needs its volumes"));
      case VolumesSeen.Failed failed -> {
        if (draft.due(failed.at().plus(TRIES.after(failed.failures())))) {
          draft.add(new Change.MountVolumes("mounting failed before: " + failed.message()));
        }
      }
      case VolumesSeen.Mounted _, VolumesSeen.Released _ -> {}
    }
  }

  /** Kills what fails its probes, what runs an outdated spec, and what runs in a dead sandbox. */
  private void keepHealthy() {
    String sandbox = seen.readySandbox().map(SandboxSeen::id).orElse("");
    for (ContainerSeen container : seen.containers()) {
      if (!container.alive() || seen.killing(container.id()).isPresent()) {
        continue;
      }
      Optional<Container> spec = PodContainers.find(pod, container.name());
      if (!sandbox.isEmpty() && !container.sandboxId().equals(sandbox)) {
        draft.add(kill(container, Duration.ofSeconds(1), "its sandbox is dead"));
      } else if (spec.isPresent() && container.running()) {
        keepHealthy(spec.get(), container);
      }
    }
  }

  private void keepHealthy(Container spec, ContainerSeen running) {
    ProbeSeen probes = progress.probes(spec, running);
    if (!running.hash().isEmpty() && !running.hash().equals(PodContainers.hash(spec))) {
      draft.add(
          kill(
              running,
              Ending.grace(pod),
              "Container " + running.name() + " definition changed, will be restarted"));
    } else if (probes.started() == Result.FAILED) {
      String reason = "Container " + running.name() + " failed startup probe, will be restarted";
      draft.add(kill(running, grace(spec.startupProbe()), reason));
    } else if (probes.live() == Result.FAILED) {
      String reason = "Container " + running.name() + " failed liveness probe, will be restarted";
      draft.add(kill(running, grace(spec.livenessProbe()), reason));
    } else {
      resize(spec, running);
    }
  }

  private void resize(Container spec, ContainerSeen running) {
    List<ContainerSeen> resizing = seen.resizing();
    if (!resizing.contains(running)) {
      return;
    }
    if (PodContainers.restartsOnResize(spec, seen.appliedHash(running))) {
      String reason = "Container " + running.name() + " is resized, which restarts it";
      draft.add(kill(running, Ending.grace(pod), reason));
      return;
    }
    StartFailure failure = seen.memory().resizes().failures().get(running.id());
    boolean due = failure == null || draft.due(failure.at().plus(TRIES.after(failure.failures())));
    if (due && !draft.resizes()) {
      draft.add(
          new Change.ResizeContainer(
              running.id(), running.name(), resizing.size() == 1, "its resources changed"));
    }
  }

  private Change kill(ContainerSeen container, Duration grace, String reason) {
    return new Change.KillContainer(container.id(), container.name(), grace, true, reason);
  }

  private Duration grace(@Nullable Probe probe) {
    Long own = probe == null ? null : probe.terminationGracePeriodSeconds();
    return own == null ? Ending.grace(pod) : Duration.ofSeconds(own);
  }

  /** Each once, whatever the others do: a pod that hangs in its start is what they are for. */
  private void startEphemeralContainers() {
    PodContainers.ephemeral(pod).stream()
        .filter(c -> seen.latest(c.nameOr("")).isEmpty())
        .forEach(c -> start(c, Optional.empty()));
  }

  /** Starts what is next; true when the main containers may start. */
  private boolean keepInitContainers() {
    boolean initialized = progress.initialized();
    for (Container init : pod.spec().initContainers()) {
      Optional<ContainerSeen> last = seen.latestInSandbox(init.nameOr(""));
      boolean alive = last.filter(ContainerSeen::alive).isPresent();
      boolean sidecar = PodContainers.isSidecar(init);
      if (!alive && (sidecar || !initialized) && !(last.isPresent() && progress.initDone(init))) {
        start(init, last.or(() -> seen.latest(init.nameOr(""))));
      }
      if (!initialized && !progress.initDone(init)) {
        return false;
      }
      if (!initialized && seen.readySandbox().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void keepMainContainers() {
    for (Container main : pod.spec().containers()) {
      Optional<ContainerSeen> last = seen.latest(main.nameOr(""));
      if (last.isEmpty()) {
        start(main, last);
      } else if (last.get().exited()
          && RestartRules.restarts(pod, main, last.get(), seen.memory().condemned())) {
        start(main, last);
      }
    }
  }

  private void start(Container container, Optional<ContainerSeen> last) {
    String name = container.nameOr("");
    if (seen.starting(name) || last.filter(ContainerSeen::alive).isPresent()) {
      return;
    }
    if (removesUnborn(name)) {
      return;
    }
    boolean image = imagePresent(container);
    Optional<SandboxSeen> sandbox = seen.readySandbox();
    if (!image || sandbox.isEmpty() || !(seen.memory().volumes() instanceof VolumesSeen.Mounted)) {
      return;
    }
    StartFailure failure = seen.memory().failures().get(name);
    if (failure != null && !draft.due(failure.at().plus(TRIES.after(failure.failures())))) {
      return;
    }
    RestartWait wait = seen.memory().restarts().getOrDefault(name, RestartWait.NONE);
    Instant finished = last.map(ContainerSeen::finishedAt).orElse(null);
    if (finished != null) {
      if (!draft.due(wait.until(finished))) {
        return;
      }
      wait = wait.next(finished, draft.now());
    }
    if (!draft.starts()) {
      int attempt =
          last.map(c -> c.attempt() + 1).orElseGet(() -> PodStatuses.recordedAttempts(pod, name));
      draft.add(
          new Change.StartContainer(
              name,
              attempt,
              sandbox.get().id(),
              seen.resizing().isEmpty(),
              wait,
              startReason(last)));
    }
  }

  /** A container that was made and never started is in the way of the next one. */
  private boolean removesUnborn(String name) {
    List<ContainerSeen> unborn =
        seen.containers().stream().filter(c -> c.unborn() && c.name().equals(name)).toList();
    for (ContainerSeen container : unborn) {
      Change remove = new Change.RemoveContainer(container.id(), "it was never started");
      if (!seen.inFlight().contains(remove)) {
        draft.add(remove);
      }
    }
    return !unborn.isEmpty();
  }

  private static String startReason(Optional<ContainerSeen> last) {
    return last.map(c -> "it exited with " + c.exitCode()).orElse("it has not run yet");
  }

  private boolean imagePresent(Container container) {
    String name = container.nameOr("");
    ImageSeen image = seen.memory().images().get(name);
    if (image instanceof ImageSeen.Present) {
      return true;
    }
    boolean pulling =
        seen.inFlight().stream()
            .anyMatch(c -> c instanceof Change.PullImage p && p.name().equals(name));
    boolean due =
        !(image instanceof ImageSeen.Failed f) || draft.due(f.at().plus(PULLS.after(f.failures())));
    if (!pulling && due) {
      draft.add(new Change.PullImage(name, container.imageOr(""), "the container needs it"));
    }
    return false;
  }

  /** A pod that has to run and has no sandbox, or a dead one, gets a new one. */
  private void ensureSandbox() {
    if (seen.readySandbox().isPresent() || seen.underWay(Change.CreateSandbox.class).isPresent()) {
      return;
    }
    List<ContainerSeen> alive = seen.containers().stream().filter(ContainerSeen::alive).toList();
    for (ContainerSeen container : alive) {
      if (seen.killing(container.id()).isEmpty()) {
        draft.add(kill(container, Duration.ofSeconds(1), "its sandbox is dead"));
      }
    }
    StartFailure failure = seen.memory().sandboxFailure();
    boolean due = failure == null || draft.due(failure.at().plus(TRIES.after(failure.failures())));
    if (alive.isEmpty() && due) {
      int attempt = seen.sandboxes().isEmpty() ? 0 : seen.sandboxes().getFirst().attempt() + 1;
      draft.add(
          new Change.CreateSandbox(
              attempt, attempt == 0 ? "the pod has none" : "the last one is dead"));
    }
  }

  /**
   * Keeps, of each container, the newest attempt and the one before; of sandboxes, those in use.
   */
  static void forgetOldAttempts(PodObserved seen, Draft draft) {
    List<String> names = seen.containers().stream().map(ContainerSeen::name).distinct().toList();
    for (String name : names) {
      seen.containers().stream()
          .filter(c -> c.name().equals(name) && !c.unborn())
          .skip(2)
          .filter(ContainerSeen::exited)
          .map(c -> new Change.RemoveContainer(c.id(), "a newer attempt is kept"))
          .filter(change -> !seen.inFlight().contains(change))
          .forEach(draft::add);
    }
    seen.sandboxes().stream()
        .skip(1)
        .filter(
            s ->
                !s.ready()
                    && seen.containers().stream().noneMatch(c -> c.sandboxId().equals(s.id())))
        .map(s -> new Change.RemoveSandbox(s.id(), "a newer sandbox is in use"))
        .filter(change -> !seen.inFlight().contains(change))
        .forEach(draft::add);
  }
}
