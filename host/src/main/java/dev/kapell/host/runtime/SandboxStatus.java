package dev.kapell.host.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A sandbox in full.
 *
 * @param ready its pause process runs and its network stands
 * @param ips the pod's addresses, first the main one; empty with the host's network
 * @param network {@code POD} or {@code NODE}
 */
public record SandboxStatus(
    SandboxId id,
    PodIdentity pod,
    boolean ready,
    Instant createdAt,
    List<String> ips,
    NamespaceOptions.Mode network,
    Map<String, String> labels,
    Map<String, String> annotations) {
  /** Copies the collections. */
  public SandboxStatus {
    ips = List.copyOf(ips);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
