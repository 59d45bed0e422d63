package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.runtime.ContainerStatus;
import dev.kapell.node.config.Labels;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.log.LogLine;
import dev.kapell.node.volume.ContainerFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A container's last words: from its file, or from the end of its log. */
final class TerminationMessages {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final int MOST_BYTES = 4096;
  private static final int LOG_BYTES = 2048;
  private static final int LOG_LINES = 80;

  private final Function<Pod, PodFacts> facts;

  TerminationMessages(Function<Pod, PodFacts> facts) {
    this.facts = facts;
  }

  String of(Pod pod, ContainerStatus status) {
    try {
      Path file = ContainerFiles.messageFile(facts.apply(pod), status.name(), status.attempt());
      String said =
          Files.exists(file)
              ? tail(Files.readString(file, StandardCharsets.ISO_8859_1), MOST_BYTES)
              : "";
      boolean fallback =
          status
              .annotations()
              .getOrDefault(Labels.TERMINATION_POLICY, "")
              .equals("FallbackToLogsOnError");
      if (said.isEmpty()
          && fallback
          && status.exitCode() != 0
          && Files.exists(Path.of(status.logPath()))) {
        return logTail(Path.of(status.logPath()));
      }
      if (!said.isEmpty()) {
        return new String(said.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
      return status.message();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "termination message unreadable container=" + status.id(),
          e);
      return status.message();
    }
  }

  private static String logTail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    for (String line : lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())) {
      text.append(LogLine.parse(line).text());
    }
    return tail(text.toString(), LOG_BYTES);
  }

  private static String tail(String text, int most) {
    return text.length() <= most ? text : text.substring(text.length() - most);
  }
}
