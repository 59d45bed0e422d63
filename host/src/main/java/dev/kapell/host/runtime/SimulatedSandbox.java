package dev.kapell.host.runtime;

import java.time.Instant;
import java.util.List;

/** A sandbox of {@link SimulatedRuntime}, whose lock guards it. */
final class SimulatedSandbox {
  private final SandboxId id;
  private final SandboxSpec spec;
  private final String ip;
  private final Instant createdAt;
  private boolean ready = true;

  SimulatedSandbox(SandboxId id, SandboxSpec spec, String ip, Instant createdAt) {
    this.id = id;
    this.spec = spec;
    this.ip = ip;
    this.createdAt = createdAt;
  }

  SandboxSpec spec() {
    return spec;
  }

  /** False when it was stopped already. */
  boolean stop() {
    boolean was = ready;
    ready = false;
    return was;
  }

  SandboxSummary summary() {
    return new SandboxSummary(id, spec.pod(), ready, createdAt, spec.labels(), spec.annotations());
  }

  SandboxStatus status() {
    return new SandboxStatus(
        id,
        spec.pod(),
        ready,
        createdAt,
        ip.isEmpty() ? List.of() : List.of(ip),
        spec.namespaces().network(),
        spec.labels(),
        spec.annotations());
  }
}
