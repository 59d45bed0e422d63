package dev.kapell.apiserver.serving;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** What all threads of this process do at the moment, the virtual ones included. */
final class Threads {
  private Threads() {}

  /** A stack each, as text. */
  static byte[] dump() throws IOException {
    HotSpotDiagnosticMXBean machine =
        Objects.requireNonNull(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class),
            "this JVM has no HotSpot diagnostics");
    Path folder = Files.createTempDirectory("kapell-threads"); // mode 0700
    Path file = folder.resolve("threads.txt");
    try {
      machine.dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
