package dev.kapell.host.machine;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Facts and figures of a machine. Safe from any thread; reads {@code /proc} and {@code /sys}. */
public interface Machine {

  /** The machine we run on. */
  static Machine ofThisMachine() {
    return new LinuxMachine(Path.of("/"));
  }

  /** What does not change while the machine runs. */
  MachineInfo info();

  /** What its kernel enforces. */
  Set<SecurityModule> securityModules();

  /** Memory now. */
  MemoryUsage memory();

  /** Files and space of the file system that holds {@code path}. */
  DiskUsage disk(Path path);

  /** CPU time used since boot by all cores together, without idle and I/O wait. */
  long cpuNanos();

  /** Processes and threads: how many there are and may be. */
  ProcessUsage processes();

  /** The network traffic of the main interface since boot. */
  NetworkUsage network();

  /**
   * Addresses of interfaces that are up, without loopback and link-local; the default route's
   * first.
   */
  List<InetAddress> addresses();

  /** The host's own name, as {@code hostname} says. */
  String hostname();

  /**
   * The text of a {@code resolv.conf} whose name servers answer from any network namespace, as it
   * is now; empty when there is none.
   */
  String resolver();

  /**
   * @param machineId {@code /etc/machine-id}, or the boot id where there is none
   * @param systemUuid of the firmware, or the machine id where it tells none
   * @param bootId of this boot
   * @param osImage {@code PRETTY_NAME} of {@code /etc/os-release}
   * @param architecture as Go names it: {@code amd64}, {@code arm64}
   */
  record MachineInfo(
      int cpus,
      long memoryBytes,
      String machineId,
      String systemUuid,
      String bootId,
      String kernelVersion,
      String osImage,
      String operatingSystem,
      String architecture,
      long hugePagesBytes) {}

  /** Working set is used memory without inactive file cache; available is what may still be had. */
  record MemoryUsage(
      long totalBytes, long availableBytes, long usageBytes, long workingSetBytes, long rssBytes) {}

  /** Space and inodes of a file system. */
  record DiskUsage(
      long totalBytes, long availableBytes, long usedBytes, long inodes, long inodesFree) {}

  /** Tasks of the machine. */
  record ProcessUsage(long current, long maximum) {}

  /** Bytes and errors of an interface since boot. */
  record NetworkUsage(
      String name, long receivedBytes, long receiveErrors, long sentBytes, long sendErrors) {}
}
