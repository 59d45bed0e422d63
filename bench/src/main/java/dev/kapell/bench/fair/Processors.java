package dev.kapell.bench.fair;

import java.io.IOException;
import java.util.List;

/** Who runs on which of the machine's processors. */
final class Processors {
  private Processors() {}

  /**
   * From now on {@code servers} (process ids) have the first half of the processors, and this
   * process and those it starts the others; a machine with one has to be shared.
   */
  static void part(List<String> servers) throws IOException, InterruptedException {
    int all = Runtime.getRuntime().availableProcessors();
    if (all < 2) {
      return;
    }
    for (String server : servers) {
      bind(server, "0-" + (all / 2 - 1));
    }
    bind(Long.toString(ProcessHandle.current().pid()), all / 2 + "-" + (all - 1));
  }

  private static void bind(String pid, String processors) throws IOException, InterruptedException {
    List<String> command = List.of("taskset", "-a", "-c", "-p", processors, pid);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }
}
