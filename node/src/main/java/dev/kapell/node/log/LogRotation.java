package dev.kapell.node.log;

import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps each container's log within bounds: a file that has grown is renamed, the oldest are
 * deleted. Stateless.
 */
public final class LogRotation {
  private static final long MOST_BYTES = 10L << 20;
  private static final int MOST_FILES = 5;

  private final ContainerRuntime runtime;

  /** The runtime is told to open a renamed file anew. */
  public LogRotation(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  /** Rotates the log of a running container if it is too large. */
  public void check(Path log, ContainerId container, Instant now) throws IOException {
    if (!Files.exists(log) || Files.size(log) < MOST_BYTES) {
      return;
    }
    String stamp = now.toString().replaceAll("[-:.]", "");
    Files.move(log, log.resolveSibling(log.getFileName() + "." + stamp));
    runtime.reopenLog(container);
    for (Path old : rotated(log).stream().skip(MOST_FILES - 1).toList()) {
      Files.deleteIfExists(old);
    }
  }

  /** The renamed files of a log, the newest first. */
  private static List<Path> rotated(Path log) throws IOException {
    try (Stream<Path> siblings = Files.list(log.getParent())) {
      return siblings
          .filter(p -> p.getFileName().toString().startsWith(log.getFileName() + "."))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
