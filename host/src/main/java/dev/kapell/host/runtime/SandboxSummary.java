package dev.kapell.host.runtime;

import java.time.Instant;
import java.util.Map;

/** A sandbox as lists show it. */
public record SandboxSummary(
    SandboxId id,
    PodIdentity pod,
    boolean ready,
    Instant createdAt,
    Map<String, String> labels,
    Map<String, String> annotations) {
  /** Copies the maps. */
  public SandboxSummary {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
