package dev.kapell.host.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which hierarchies of control groups a machine has mounted, from {@code /proc/self/mounts}. */
final class CgroupDetection {
  private static final List<String> CONTROLLERS =
      List.of("cpu", "cpuacct", "cpuset", "memory", "pids");

  private CgroupDetection() {}

  static Cgroups detect(Path root) {
    Map<String, Hierarchy> controllers = new LinkedHashMap<>();
    Map<Path, Hierarchy> all = new LinkedHashMap<>();
    Path unified = null;
    for (String line : mounts(root)) {
      String[] fields = line.split(" ", -1);
      Path mount = Path.of(fields[1]);
      if (fields[2].equals("cgroup2")) {
        unified = mount;
        all.put(mount, new Hierarchy(mount));
      } else if (fields[2].equals("cgroup")) {
        Hierarchy hierarchy = new Hierarchy(mount);
        all.put(mount, hierarchy);
        for (String option : fields[3].split(",", -1)) {
          if (CONTROLLERS.contains(option)) {
            controllers.put(option, hierarchy);
          }
        }
      }
    }
    if (controllers.containsKey("memory")) {
      return new SeparateCgroups(controllers, List.copyOf(all.values()));
    }
    if (unified != null) {
      return new UnifiedCgroups(new Hierarchy(unified));
    }
    throw new CgroupFailure(
        "no control groups are mounted below /sys/fs/cgroup", new IOException("nothing mounted"));
  }

  private static List<String> mounts(Path root) {
    try {
      return Files.readAllLines(root.resolve("proc/self/mounts"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
