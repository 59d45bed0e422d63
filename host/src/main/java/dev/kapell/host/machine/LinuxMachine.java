package dev.kapell.host.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A Linux machine, read from {@code /proc}, {@code /sys} and {@code /etc} below a root. */
final class LinuxMachine implements Machine {
  /** {@code /proc/stat} counts in hundredths of a second (USER_HZ, fixed by the kernel's ABI). */
  private static final long NANOS_PER_TICK = 10_000_000L;

  private final Path root;

  LinuxMachine(Path root) {
    this.root = root;
  }

  @Override
  public MachineInfo info() {
    Map<String, Long> memory = memoryLines();
    String bootId = text("proc/sys/kernel/random/boot_id");
    String machineId = orElse(text("etc/machine-id"), bootId.replace("-", ""));
    return new MachineInfo(
        Runtime.getRuntime().availableProcessors(),
        memory.getOrDefault("MemTotal", 0L),
        machineId,
        orElse(text("sys/class/dmi/id/product_uuid"), machineId),
        bootId,
        text("proc/sys/kernel/osrelease"),
        osImage(),
        "linux",
        architecture(System.getProperty("os.arch", "")),
        memory.getOrDefault("HugePages_Total", 0L) * memory.getOrDefault("Hugepagesize", 0L));
  }

  @Override
  public Set<SecurityModule> securityModules() {
    Set<SecurityModule> modules = EnumSet.noneOf(SecurityModule.class);
    if (Files.isReadable(root.resolve("sys/kernel/security/apparmor/profiles"))) {
      modules.add(SecurityModule.APPARMOR);
    }
    if (Files.exists(root.resolve("sys/fs/selinux/enforce"))) {
      modules.add(SecurityModule.SELINUX);
    }
    return modules;
  }

  private static String orElse(String value, String other) {
    return value.isEmpty() ? other : value;
  }

  static String architecture(String java) {
    return switch (java.toLowerCase(Locale.ROOT)) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  private String osImage() {
    for (String line : lines("etc/os-release")) {
      if (line.startsWith("PRETTY_NAME=")) {
        return line.substring("PRETTY_NAME=".length()).replace("\"", "");
      }
    }
    return "Linux";
  }

  @Override
  public MemoryUsage memory() {
    Map<String, Long> memory = memoryLines();
    long total = memory.getOrDefault("MemTotal", 0L);
    long usage = total - memory.getOrDefault("MemFree", 0L);
    long workingSet = Math.max(0, usage - memory.getOrDefault("Inactive(file)", 0L));
    return new MemoryUsage(
        total,
        memory.getOrDefault("MemAvailable", total - workingSet),
        usage,
        workingSet,
        memory.getOrDefault("AnonPages", 0L));
  }

  /** Bytes, except for the counts of huge pages. */
  private Map<String, Long> memoryLines() {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : lines("proc/meminfo")) {
      String[] words = line.trim().split("\\s+", -1);
      if (words.length >= 2) {
        long unit = words.length > 2 && words[2].equals("kB") ? 1024 : 1;
        values.put(words[0].substring(0, words[0].length() - 1), Long.parseLong(words[1]) * unit);
      }
    }
    return values;
  }

  @Override
  public DiskUsage disk(Path path) {
    try {
      var store = Files.getFileStore(path);
      long total = store.getTotalSpace();
      long[] inodes = Inodes.of(path);
      return new DiskUsage(
          total, store.getUsableSpace(), total - store.getUnallocatedSpace(), inodes[0], inodes[1]);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the disk usage of " + path, e);
    }
  }

  @Override
  public long cpuNanos() {
    // cpu user nice system idle iowait irq softirq steal …
    String[] words = lines("proc/stat").getFirst().trim().split("\\s+", -1);
    long ticks = 0;
    for (int i = 1; i < words.length && i <= 8; i++) {
      if (i != 4 && i != 5) {
        ticks += Long.parseLong(words[i]);
      }
    }
    return ticks * NANOS_PER_TICK;
  }

  @Override
  public ProcessUsage processes() {
    // load load load running/all last
    String[] words = text("proc/loadavg").split(" ", -1);
    long current = Long.parseLong(words[3].substring(words[3].indexOf('/') + 1));
    return new ProcessUsage(current, Long.parseLong(text("proc/sys/kernel/pid_max")));
  }

  @Override
  public NetworkUsage network() {
    String main = orElse(defaultInterface(), "lo");
    Path statistics = root.resolve("sys/class/net").resolve(main).resolve("statistics");
    return new NetworkUsage(
        main,
        number(statistics.resolve("rx_bytes")),
        number(statistics.resolve("rx_errors")),
        number(statistics.resolve("tx_bytes")),
        number(statistics.resolve("tx_errors")));
  }

  private static long number(Path file) {
    try {
      return Long.parseLong(Files.readString(file).trim());
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The interface of the IPv4 default route with the smallest metric; empty: none. */
  private String defaultInterface() {
    String best = "";
    long bestMetric = Long.MAX_VALUE;
    for (String line : lines("proc/net/route")) {
      // Iface Destination Gateway Flags RefCnt Use Metric Mask …
      String[] words = line.trim().split("\\s+", -1);
      boolean isDefault =
          words.length > 7 && words[1].equals("00000000") && words[7].equals("00000000");
      if (isDefault && Long.parseLong(words[6]) < bestMetric) {
        best = words[0];
        bestMetric = Long.parseLong(words[6]);
      }
    }
    return best;
  }

  @Override
  public List<InetAddress> addresses() {
    String main = defaultInterface();
    List<InetAddress> found = new ArrayList<>();
    try {
      for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!link.isUp() || link.isLoopback()) {
          continue;
        }
        List<InetAddress> own =
            Collections.list(link.getInetAddresses()).stream()
                .filter(address -> !address.isLinkLocalAddress())
                .toList();
        found.addAll(link.getName().equals(main) ? 0 : found.size(), own);
      }
    } catch (SocketException e) {
      throw new UncheckedIOException("cannot list the network interfaces", e);
    }
    return List.copyOf(found);
  }

  @Override
  public String hostname() {
    return text("proc/sys/kernel/hostname");
  }

  /** Where systemd-resolved listens on the loopback interface, it tells in a file whom it asks. */
  @Override
  public String resolver() {
    String own = text("etc/resolv.conf");
    String asked = text("run/systemd/resolve/resolv.conf");
    boolean local = own.lines().anyMatch(line -> line.strip().startsWith("nameserver 127."));
    return local && !asked.isEmpty() ? asked : own;
  }

  private String text(String file) {
    return String.join("\n", lines(file)).strip();
  }

  /** The lines of a file; none when there is no such file or it is not ours to read. */
  private List<String> lines(String file) {
    Path path = root.resolve(file);
    if (!Files.isReadable(path)) {
      return List.of();
    }
    try {
      return Files.readAllLines(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
