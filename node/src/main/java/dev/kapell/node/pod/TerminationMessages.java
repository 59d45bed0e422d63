package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.runtime.ContainerStatus;
import dev.kapell.node.config.Labels;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.log.LogReader;
import dev.kapell.node.volume.ContainerFiles;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/** A container's last words: from its file, or from the end of its log. */
final class TerminationMessages {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final int MOST_BYTES = 4096;
  private static final int LOG_BYTES = 2048;
  private static final int LOG_LINES = 80;
  private static final byte[] NOTHING = {};

  private final Function<Pod, PodFacts> facts;

  TerminationMessages(Function<Pod, PodFacts> facts) {
    this.facts = facts;
  }

  String of(Pod pod, ContainerStatus status) {
    try {
      Path file = ContainerFiles.messageFile(facts.apply(pod), status.name(), status.attempt());
      byte[] said = Files.exists(file) ? end(file) : NOTHING;
      Path log = Path.of(status.logPath());
      boolean fallback =
          status
              .annotations()
              .getOrDefault(Labels.TERMINATION_POLICY, "")
              .equals("FallbackToLogsOnError");
      if (said.length == 0 && fallback && status.exitCode() != 0 && Files.exists(log)) {
        said = tail(LogReader.last(log, LOG_LINES), LOG_BYTES);
      }
      return said.length == 0 ? status.message() : new String(said, StandardCharsets.UTF_8);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "termination message unreadable container=" + status.id(),
          e);
      return status.message();
    }
  }

  /** The container may have written any amount. */
  private static byte[] end(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long from = Math.max(0, channel.size() - MOST_BYTES);
      return Channels.newInputStream(channel.position(from)).readNBytes(MOST_BYTES);
    }
  }

  private static byte[] tail(byte[] said, int most) {
    return said.length <= most ? said : Arrays.copyOfRange(said, said.length - most, said.length);
  }
}
