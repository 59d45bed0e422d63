package dev.kapell.host.runtime;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A container of {@link SimulatedRuntime}, whose lock guards it. */
final class SimulatedContainer {
  private static final int CANNOT_START = 128;
  private static final int SHARE = 100; // of the time that it runs it uses a hundredth of a core

  private final ContainerId id;
  private final SandboxId sandbox;
  private final ContainerSpec spec;
  private final String imageRef;
  private final String logPath;
  private final Instant createdAt;
  private LinuxResources resources;
  private ContainerState state = ContainerState.CREATED;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private int exitCode;
  private String reason = "";
  private String message = "";

  SimulatedContainer(
      ContainerId id,
      SandboxId sandbox,
      ContainerSpec spec,
      String imageRef,
      String logPath,
      Instant createdAt) {
    this.id = id;
    this.sandbox = sandbox;
    this.spec = spec;
    this.resources = spec.resources();
    this.imageRef = imageRef;
    this.logPath = logPath;
    this.createdAt = createdAt;
  }

  ContainerId id() {
    return id;
  }

  SandboxId sandbox() {
    return sandbox;
  }

  ContainerSpec spec() {
    return spec;
  }

  LinuxResources resources() {
    return resources;
  }

  void resources(LinuxResources given) {
    resources = given;
  }

  ContainerState state() {
    return state;
  }

  void start(Instant now) {
    if (state != ContainerState.CREATED) {
      throw new RuntimeFailure(
          RuntimeFailure.Kind.OTHER, "container " + id + " is in state " + state);
    }
    state = ContainerState.RUNNING;
    startedAt = now;
  }

  void failToStart(Instant now, String why) {
    state = ContainerState.EXITED;
    finishedAt = now;
    exitCode = CANNOT_START;
    reason = "StartError";
    message = why;
  }

  /** Ends it; false when it does not run. */
  boolean end(Instant now, int code, String why) {
    if (state != ContainerState.RUNNING) {
      return false;
    }
    state = ContainerState.EXITED;
    finishedAt = now;
    exitCode = code;
    reason = why.isEmpty() ? (code == 0 ? "Completed" : "Error") : why;
    return true;
  }

  ContainerSummary summary() {
    return new ContainerSummary(
        id,
        sandbox,
        spec.name(),
        spec.attempt(),
        state,
        createdAt,
        spec.image(),
        imageRef,
        spec.labels(),
        spec.annotations());
  }

  ContainerStatus status() {
    return new ContainerStatus(
        id,
        spec.name(),
        spec.attempt(),
        state,
        createdAt,
        startedAt,
        finishedAt,
        exitCode,
        reason,
        message,
        spec.image(),
        imageRef,
        logPath,
        spec.labels(),
        spec.annotations());
  }

  ContainerStats stats(Instant now, long memoryBytes) {
    long ran = startedAt == null ? 0 : Duration.between(startedAt, now).toNanos();
    return new ContainerStats(
        id,
        spec.name(),
        spec.labels(),
        now,
        Math.max(1, ran / SHARE),
        memoryBytes,
        memoryBytes,
        memoryBytes,
        0,
        0);
  }
}
