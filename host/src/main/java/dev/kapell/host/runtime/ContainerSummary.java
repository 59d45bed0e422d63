package dev.kapell.host.runtime;

import java.time.Instant;
import java.util.Map;

/**
 * A container as lists show it.
 *
 * @param image the name it was created with
 * @param imageRef the image's id
 */
public record ContainerSummary(
    ContainerId id,
    SandboxId sandbox,
    String name,
    int attempt,
    ContainerState state,
    Instant createdAt,
    String image,
    String imageRef,
    Map<String, String> labels,
    Map<String, String> annotations) {
  /** Copies the maps. */
  public ContainerSummary {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
