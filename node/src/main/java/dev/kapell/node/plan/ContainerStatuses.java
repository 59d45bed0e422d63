package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerState;
import dev.kapell.api.core.v1.ContainerStateRunning;
import dev.kapell.api.core.v1.ContainerStateTerminated;
import dev.kapell.api.core.v1.ContainerStateWaiting;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of each container, from its attempts and from what keeps it from running. */
final class ContainerStatuses {
  /** How long a failed pull is called ErrImagePull before it is called ImagePullBackOff. */
  private static final Duration FRESH = Duration.ofSeconds(4);

  private final PodObserved seen;
  private final Pod pod;
  private final Progress progress;
  private final boolean ending;
  private final Instant now;
  private @Nullable Instant wakeAt;

  ContainerStatuses(PodObserved seen, Progress progress, boolean ending, Instant now) {
    this.seen = seen;
    this.pod = seen.pod();
    this.progress = progress;
    this.ending = ending;
    this.now = now;
  }

  Optional<Instant> wakeAt() {
    return Optional.ofNullable(wakeAt);
  }

  ContainerStatus of(Container container) {
    String name = container.nameOr("");
    List<ContainerSeen> attempts =
        seen.containers().stream()
            .filter(c -> c.name().equals(name) && !(c.state() == ContainerSeen.State.CREATED))
            .filter(c -> !(c.running() && seen.starting(name)))
            .toList();
    ContainerStatus before = recorded(pod, name).orElse(null);
    if (attempts.isEmpty()) {
      return unstarted(container, before);
    }
    ContainerSeen last = attempts.getFirst();
    Optional<ContainerSeen> previous =
        attempts.stream().skip(1).filter(ContainerSeen::exited).findFirst();
    boolean init = pod.spec().initContainers().contains(container);
    boolean ready =
        last.running() ? progress.ready(container, last) : doneInit(container, init, last);
    boolean started =
        last.running() && progress.probes(container, last).started() == ProbeSeen.Result.PASSED;
    ContainerState state = state(last);
    ContainerState lastState =
        previous.map(ContainerStatuses::state).orElseGet(() -> recordedLast(before, last));
    if (last.exited() && !ending) {
      Optional<ContainerStateWaiting> wait = waitingAgain(container, last);
      if (wait.isPresent()) {
        lastState = state;
        state = ContainerState.EMPTY.withWaiting(wait.get());
      }
    }
    return base(container)
        .withImage(last.image().isEmpty() ? container.imageOr("") : last.image())
        .withImageID(last.imageId())
        .withContainerID("containerd://" + last.id())
        .withStopSignal(stopSignal(container))
        .withRestartCount(last.attempt())
        .withReady(ready)
        .withStarted(started)
        .withState(state)
        .withLastState(lastState)
        .withResources(resources(container, last))
        .withAllocatedResources(
            container.resources() == null ? java.util.Map.of() : container.resources().requests());
  }

  /** What it has, which after a resize is not yet what it was given. */
  private @Nullable ResourceRequirements resources(Container container, ContainerSeen last) {
    boolean same = seen.appliedHash(last).equals(PodContainers.resourcesHash(container));
    return same ? container.resources() : seen.applied(last).orElseGet(container::resources);
  }

  private static @Nullable String stopSignal(Container container) {
    String signal = PodContainers.stopSignal(container);
    return signal.isEmpty() ? null : signal;
  }

  private static boolean doneInit(Container container, boolean init, ContainerSeen last) {
    return init && !PodContainers.isSidecar(container) && last.exited() && last.exitCode() == 0;
  }

  /** After the runtime has lost the attempts before, the API still knows the last of them. */
  private static ContainerState recordedLast(@Nullable ContainerStatus before, ContainerSeen last) {
    boolean same = before != null && before.containerIDOr("").endsWith(last.id());
    ContainerState kept = same && before != null ? before.lastState() : null;
    return kept == null ? ContainerState.EMPTY : kept;
  }

  private ContainerStatus base(Container container) {
    return ContainerStatus.builder()
        .name(container.nameOr(""))
        .image(container.imageOr(""))
        .imageID("")
        .ready(false)
        .restartCount(0)
        .build();
  }

  private ContainerStatus unstarted(Container container, @Nullable ContainerStatus before) {
    ContainerStatus status = base(container).withStarted(false);
    if (before != null && !before.containerIDOr("").isEmpty()) {
      ContainerState state = before.state();
      ContainerState last =
          state != null && state.terminated() != null ? state : before.lastState();
      boolean stays = ending && state != null && state.terminated() != null;
      status =
          status
              .withRestartCount(before.restartCountOr(0))
              .withContainerID(stays ? before.containerID() : null)
              .withLastState(stays ? before.lastState() : last)
              .withImageID(before.imageIDOr(""));
      if (stays) {
        return status.withState(state);
      }
    }
    return status.withState(ContainerState.EMPTY.withWaiting(waitingFirst(container)));
  }

  private ContainerStateWaiting waitingFirst(Container container) {
    String usual = pod.spec().initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
    return hindrance(container).orElseGet(() -> waiting(usual, ""));
  }

  /**
   * What a container that has exited waits for before it runs again; empty when it does not wait.
   */
  private Optional<ContainerStateWaiting> waitingAgain(Container container, ContainerSeen last) {
    if (!RestartRules.restarts(pod, container, last, seen.memory().condemned())) {
      return Optional.empty();
    }
    Optional<ContainerStateWaiting> hindrance = hindrance(container);
    if (hindrance.isPresent()) {
      return hindrance;
    }
    Instant finished = last.finishedAt();
    RestartWait wait =
        seen.memory().restarts().getOrDefault(container.nameOr(""), RestartWait.NONE);
    if (finished == null || !wait.until(finished).isAfter(now)) {
      return Optional.empty();
    }
    String message =
        "back-off "
            + words(wait.span())
            + " restarting failed container="
            + container.nameOr("")
            + " pod="
            + pod.metadata().nameOr("")
            + "_"
            + pod.metadata().namespaceOr("")
            + "("
            + pod.metadata().uidOr("")
            + ")";
    return Optional.of(waiting("CrashLoopBackOff", message));
  }

  private static String words(Duration span) {
    return (span.toMinutes() > 0 ? span.toMinutes() + "m" : "") + span.toSecondsPart() + "s";
  }

  private Optional<ContainerStateWaiting> hindrance(Container container) {
    String name = container.nameOr("");
    if (seen.memory().images().get(name) instanceof ImageSeen.Failed failed) {
      return Optional.of(pullFailure(container, failed));
    }
    StartFailure failure = seen.memory().failures().get(name);
    return failure == null
        ? Optional.empty()
        : Optional.of(waiting(failure.reason(), failure.message()));
  }

  private ContainerStateWaiting pullFailure(Container container, ImageSeen.Failed failed) {
    Instant stale = failed.at().plus(FRESH);
    if (!failed.reason().equals("ErrImagePull") || stale.isAfter(now)) {
      if (failed.reason().equals("ErrImagePull")) {
        wakeAt = wakeAt == null || stale.isBefore(wakeAt) ? stale : wakeAt;
      }
      return waiting(failed.reason(), failed.message());
    }
    String message =
        "Back-off pulling image \""
            + container.imageOr("")
            + "\": ErrImagePull: "
            + failed.message();
    return waiting("ImagePullBackOff", message);
  }

  private static ContainerStateWaiting waiting(String reason, String message) {
    ContainerStateWaiting waiting = ContainerStateWaiting.EMPTY.withReason(reason);
    return message.isEmpty() ? waiting : waiting.withMessage(message);
  }

  private static ContainerState state(ContainerSeen seen) {
    if (seen.running()) {
      return ContainerState.EMPTY.withRunning(
          ContainerStateRunning.EMPTY.withStartedAt(seconds(seen.startedAt())));
    }
    if (!seen.exited()) {
      return ContainerState.EMPTY.withWaiting(
          waiting("ContainerStatusUnknown", "the runtime has lost track of the container"));
    }
    boolean silent = seen.reason().isEmpty();
    String reason = silent ? (seen.exitCode() == 0 ? "Completed" : "Error") : seen.reason();
    ContainerStateTerminated terminated =
        ContainerStateTerminated.builder()
            .containerID("containerd://" + seen.id())
            .exitCode(seen.exitCode())
            .reason(reason)
            .message(seen.message().isEmpty() ? null : seen.message())
            .startedAt(seconds(seen.startedAt()))
            .finishedAt(seconds(seen.finishedAt()))
            .build();
    return ContainerState.EMPTY.withTerminated(terminated);
  }

  /** The API's times have no fractions; a status with some would never equal what was stored. */
  private static @Nullable Instant seconds(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }

  /** What the API last said of a container. */
  static Optional<ContainerStatus> recorded(Pod pod, String name) {
    var status = pod.status();
    return java.util.stream.Stream.of(
            status.initContainerStatuses(),
            status.containerStatuses(),
            status.ephemeralContainerStatuses())
        .flatMap(List::stream)
        .filter(s -> s.nameOr("").equals(name))
        .findFirst();
  }
}
