package dev.kapell.node.plan;

import java.util.List;

/** The changes of a pod on its way down. */
final class EndPlan {
  private final PodObserved seen;
  private final Ending ending;
  private final Draft draft;

  EndPlan(PodObserved seen, Ending ending, Draft draft) {
    this.seen = seen;
    this.ending = ending;
    this.draft = draft;
  }

  /** True when nothing of the pod is left on this node. */
  boolean plan() {
    List<ContainerSeen> alive = seen.containers().stream().filter(ContainerSeen::alive).toList();
    if (!alive.isEmpty()) {
      kill(alive);
      return false;
    }
    if (seen.inFlight().stream().anyMatch(c -> c.builds() || c instanceof Change.KillContainer)) {
      return false;
    }
    boolean stopped = stopSandboxes();
    if (!stopped || !release()) {
      return false;
    }
    if (!ending.leaves()) {
      RunPlan.forgetOldAttempts(seen, draft);
      return false;
    }
    seen.sandboxes().forEach(s -> once(new Change.RemoveSandbox(s.id(), ending.reason())));
    if (seen.sandboxes().isEmpty()) {
      seen.containers().forEach(c -> once(new Change.RemoveContainer(c.id(), ending.reason())));
    }
    if (seen.listed()) {
      once(new Change.DeleteFromApi(ending.reason()));
    }
    return !seen.listed()
        && seen.sandboxes().isEmpty()
        && seen.containers().isEmpty()
        && seen.inFlight().isEmpty();
  }

  /** Main containers first, all at once; then sidecars, the last one first. */
  private void kill(List<ContainerSeen> alive) {
    List<ContainerSeen> others =
        alive.stream().filter(c -> !PodContainers.isSidecar(seen.pod(), c.name())).toList();
    if (!others.isEmpty()) {
      others.forEach(this::kill);
      return;
    }
    for (var sidecar : PodContainers.sidecars(seen.pod()).reversed()) {
      var last = alive.stream().filter(c -> c.name().equals(sidecar.nameOr(""))).findFirst();
      if (last.isPresent()) {
        kill(last.get());
        return;
      }
    }
  }

  private void kill(ContainerSeen container) {
    boolean soonEnough =
        seen.killing(container.id())
            .filter(k -> k.grace().compareTo(ending.grace()) <= 0)
            .isPresent();
    if (!soonEnough) {
      draft.add(
          new Change.KillContainer(
              container.id(), container.name(), ending.grace(), false, ending.reason()));
    }
  }

  private boolean stopSandboxes() {
    boolean all = true;
    for (SandboxSeen sandbox : seen.sandboxes()) {
      if (sandbox.ready() || !seen.memory().stopped().contains(sandbox.id())) {
        once(new Change.StopSandbox(sandbox.id(), ending.reason()));
        all = false;
      }
    }
    return all;
  }

  private boolean release() {
    if (seen.memory().volumes() instanceof VolumesSeen.Released) {
      return true;
    }
    once(new Change.Release(ending.reason()));
    return false;
  }

  private void once(Change change) {
    boolean running =
        seen.inFlight().stream()
            .anyMatch(
                c ->
                    c.equals(change)
                        || (c.getClass() == change.getClass() && sameTarget(c, change)));
    if (!running) {
      draft.add(change);
    }
  }

  private static boolean sameTarget(Change one, Change other) {
    return switch (one) {
      case Change.StopSandbox s -> other instanceof Change.StopSandbox o && s.id().equals(o.id());
      case Change.RemoveSandbox s ->
          other instanceof Change.RemoveSandbox o && s.id().equals(o.id());
      case Change.RemoveContainer s ->
          other instanceof Change.RemoveContainer o && s.id().equals(o.id());
      default -> true;
    };
  }
}
