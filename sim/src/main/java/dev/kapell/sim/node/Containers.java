package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerState;
import dev.kapell.api.core.v1.ContainerStateRunning;
import dev.kapell.api.core.v1.ContainerStateTerminated;
import dev.kapell.api.core.v1.ContainerStateWaiting;
import dev.kapell.api.core.v1.ContainerStatus;
import java.time.Duration;
import java.time.Instant;

/** States of simulated containers. Pure. */
final class Containers {
  private Containers() {}

  static ContainerStatus waiting(Container spec, String reason) {
    return base(spec)
        .ready(false)
        .started(false)
        .restartCount(0)
        .state(
            ContainerState.builder()
                .waiting(ContainerStateWaiting.builder().reason(reason).build())
                .build())
        .build();
  }

  static ContainerStatus running(Container spec, ContainerStatus before, String id, Instant since) {
    return before.toBuilder()
        .name(spec.name())
        .image(spec.image())
        .containerID(id)
        .imageID("simulated@" + spec.imageOr(""))
        .ready(true)
        .started(true)
        .state(
            ContainerState.builder()
                .running(ContainerStateRunning.builder().startedAt(since).build())
                .build())
        .build();
  }

  static ContainerStatus ended(ContainerStatus before, int exitCode, String reason, Instant at) {
    return before.toBuilder()
        .ready(false)
        .started(false)
        .state(
            ContainerState.builder()
                .terminated(
                    ContainerStateTerminated.builder()
                        .exitCode(exitCode)
                        .reason(reason)
                        .containerID(before.containerID())
                        .startedAt(startedAt(before, at))
                        .finishedAt(at)
                        .build())
                .build())
        .build();
  }

  /** It ended and will be started once more. */
  static ContainerStatus again(ContainerStatus ended) {
    return ended.toBuilder()
        .restartCount(ended.restartCountOr(0) + 1)
        .lastState(ended.state())
        .state(
            ContainerState.builder()
                .waiting(ContainerStateWaiting.builder().reason("CrashLoopBackOff").build())
                .build())
        .build();
  }

  /** Its image is not to be had. */
  static ContainerStatus unpulled(Container spec, ContainerStatus before) {
    return before.toBuilder()
        .image(spec.image())
        .state(
            ContainerState.builder()
                .waiting(
                    ContainerStateWaiting.builder()
                        .reason("ErrImagePull")
                        .message("no such image: " + spec.imageOr(""))
                        .build())
                .build())
        .build();
  }

  /** How long a container that waits to be started again ran the last time. */
  static Duration lastRun(ContainerStatus status) {
    ContainerStateTerminated last =
        status.lastStateOr(ContainerState.EMPTY).terminatedOr(ContainerStateTerminated.EMPTY);
    return Duration.between(
        last.startedAtOr(Instant.EPOCH), last.finishedAtOr(last.startedAtOr(Instant.EPOCH)));
  }

  static boolean runs(ContainerStatus status) {
    return status.stateOr(ContainerState.EMPTY).running() != null;
  }

  static boolean hasEnded(ContainerStatus status) {
    return status.stateOr(ContainerState.EMPTY).terminated() != null;
  }

  static int exitCode(ContainerStatus status) {
    return status
        .stateOr(ContainerState.EMPTY)
        .terminatedOr(ContainerStateTerminated.EMPTY)
        .exitCodeOr(0);
  }

  static Instant startedAt(ContainerStatus status, Instant otherwise) {
    return status
        .stateOr(ContainerState.EMPTY)
        .runningOr(ContainerStateRunning.EMPTY)
        .startedAtOr(otherwise);
  }

  /** When a container that waits to be started again ended; {@code otherwise} for a first start. */
  static Instant endedAt(ContainerStatus status, Instant otherwise) {
    return status
        .lastStateOr(ContainerState.EMPTY)
        .terminatedOr(ContainerStateTerminated.EMPTY)
        .finishedAtOr(otherwise);
  }

  private static ContainerStatus.Builder base(Container spec) {
    return ContainerStatus.builder().name(spec.name()).image(spec.image()).imageID("");
  }
}
