package dev.kapell.apiserver.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the process takes, under the names that Prometheus' clients use. */
public final class ProcessMetrics {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private ProcessMetrics() {}

  /** Appends the current figures. */
  public static void write(StringBuilder out) {
    var operatingSystem = ManagementFactory.getOperatingSystemMXBean();
    if (operatingSystem instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      gauge(
          out,
          "process_cpu_seconds_total",
          "counter",
          "Processor time used.",
          unix.getProcessCpuTime() / 1e9);
      gauge(
          out,
          "process_open_fds",
          "gauge",
          "Open file descriptors.",
          (double) unix.getOpenFileDescriptorCount());
      gauge(
          out,
          "process_max_fds",
          "gauge",
          "Allowed file descriptors.",
          (double) unix.getMaxFileDescriptorCount());
    }
    gauge(
        out,
        "process_start_time_seconds",
        "gauge",
        "Start of the process since the epoch.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    gauge(out, "process_resident_memory_bytes", "gauge", "Resident memory.", residentBytes());
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    gauge(out, "jvm_memory_heap_used_bytes", "gauge", "Heap in use.", (double) heap.getUsed());
    gauge(
        out,
        "jvm_threads_current",
        "gauge",
        "Platform threads.",
        ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static void gauge(
      StringBuilder out, String name, String type, String help, double value) {
    RequestMetrics.head(out, name, type, help);
    String text =
        value == Math.rint(value)
            ? Long.toString((long) value)
            : String.format(Locale.ROOT, "%.3f", value);
    out.append(name).append(' ').append(text).append('\n');
  }

  private static double residentBytes() {
    try {
      String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
      return Long.parseLong(pages[1]) * 4096.0;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no /proc on this machine", e);
      return 0;
    }
  }
}
