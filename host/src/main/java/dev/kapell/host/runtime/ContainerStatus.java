package dev.kapell.host.runtime;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container in full.
 *
 * @param attempt the restart count it was created with
 * @param startedAt null before the start
 * @param finishedAt null before the end
 * @param exitCode meaningful in state {@code EXITED}; 128 + signal when a signal ended it
 * @param reason one word: {@code Completed}, {@code Error}, {@code OOMKilled} (only with exit code
 *     137: cgroup v1 runtimes claim it too often), {@code StartError}, {@code Unknown}; empty while
 *     it runs
 * @param image the name it was created with
 * @param imageRef the image's digest or id, for Pod status
 * @param logPath absolute
 */
public record ContainerStatus(
    ContainerId id,
    String name,
    int attempt,
    ContainerState state,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    int exitCode,
    String reason,
    String message,
    String image,
    String imageRef,
    String logPath,
    Map<String, String> labels,
    Map<String, String> annotations) {
  /** Copies the maps. */
  public ContainerStatus {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
