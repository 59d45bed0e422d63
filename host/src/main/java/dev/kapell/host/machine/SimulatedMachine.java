package dev.kapell.host.machine;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A machine of any size that does nothing. Immutable. */
public final class SimulatedMachine implements Machine {
  private static final long DISK_BYTES = 100L << 30;
  private static final long INODES = 10_000_000;
  private static final int MOST_PROCESSES = 32_768;

  private final String hostname;
  private final InetAddress address;
  private final int cpus;
  private final long memoryBytes;

  /** A machine with a name, an address and a size. */
  public SimulatedMachine(String hostname, InetAddress address, int cpus, long memoryBytes) {
    this.hostname = hostname;
    this.address = address;
    this.cpus = cpus;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public MachineInfo info() {
    return new MachineInfo(
        cpus, memoryBytes, hostname, hostname, hostname, "6.0.0", "Simulated", "linux", "amd64", 0);
  }

  @Override
  public Set<SecurityModule> securityModules() {
    return Set.of();
  }

  @Override
  public MemoryUsage memory() {
    long used = memoryBytes / 10;
    return new MemoryUsage(memoryBytes, memoryBytes - used, used, used, used);
  }

  @Override
  public DiskUsage disk(Path path) {
    return new DiskUsage(DISK_BYTES, DISK_BYTES / 2, DISK_BYTES / 2, INODES, INODES / 2);
  }

  @Override
  public long cpuNanos() {
    return 0;
  }

  @Override
  public ProcessUsage processes() {
    return new ProcessUsage(1, MOST_PROCESSES);
  }

  @Override
  public NetworkUsage network() {
    return new NetworkUsage("eth0", 0, 0, 0, 0);
  }

  @Override
  public List<InetAddress> addresses() {
    return List.of(address);
  }

  @Override
  public String hostname() {
    return hostname;
  }

  @Override
  public String resolver() {
    return "";
  }
}
