package dev.kapell.apiserver.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;

/** What the process takes, under the names that Prometheus' clients use. */
public final class ProcessMetrics {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final double PAGE_BYTES = 4096;

  private ProcessMetrics() {}

  /** Registers with {@code meters}. */
  public static void register(Meters meters) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      meters.counted(
          "process_cpu_seconds_total",
          "Processor time used.",
          List.of(),
          values -> values.add(unix.getProcessCpuTime() / 1e9));
      gauge(
          meters,
          "process_open_fds",
          "Open files.",
          () -> (double) unix.getOpenFileDescriptorCount());
      gauge(
          meters,
          "process_max_fds",
          "Most open files.",
          () -> (double) unix.getMaxFileDescriptorCount());
    }
    gauge(
        meters,
        "process_start_time_seconds",
        "Start of the process since the epoch.",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    gauge(
        meters, "process_resident_memory_bytes", "Resident memory.", ProcessMetrics::residentBytes);
    gauge(
        meters,
        "jvm_memory_heap_used_bytes",
        "Heap in use.",
        () -> (double) ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    gauge(
        meters,
        "jvm_threads_current",
        "Platform threads.",
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    meters.gauge(
        "kubernetes_build_info",
        "1, with the version served.",
        List.of("git_version", "major", "minor"),
        values -> values.add(1, "v1.36.0+kapell", "1", "36"));
  }

  private static void gauge(Meters meters, String name, String help, DoubleSupplier reading) {
    meters.gauge(name, help, List.of(), values -> values.add(reading.getAsDouble()));
  }

  private static double residentBytes() {
    try {
      String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
      return Long.parseLong(pages[1]) * PAGE_BYTES;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no /proc on this machine", e);
      return 0;
    }
  }
}
