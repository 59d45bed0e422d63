package dev.kapell.host.cgroup;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Control groups of version 1: each controller has a tree of its own. A version 2 tree may be
 * mounted beside them (hybrid); runtimes then make their groups there too, and they have to be
 * removed.
 */
final class SeparateCgroups implements Cgroups {
  private static final String CPUS = "cpuset.cpus";
  private static final String MEMS = "cpuset.mems";

  private final Map<String, Hierarchy> controllers;
  private final List<Hierarchy> all;

  SeparateCgroups(Map<String, Hierarchy> controllers, List<Hierarchy> all) {
    this.controllers = Map.copyOf(controllers);
    this.all = all;
  }

  @Override
  public int version() {
    return 1;
  }

  private Hierarchy of(String controller) {
    Hierarchy hierarchy = controllers.get(controller);
    if (hierarchy == null) {
      throw new CgroupFailure(
          "this machine has no " + controller + " controller",
          new java.io.IOException("not mounted"));
    }
    return hierarchy;
  }

  @Override
  public void create(CgroupPath group, CgroupLimits limits) {
    Set<Hierarchy> needed = new LinkedHashSet<>(controllers.values());
    for (Hierarchy hierarchy : needed) {
      hierarchy.create(group);
    }
    Hierarchy cpusets = controllers.get("cpuset");
    if (cpusets != null) {
      inherit(cpusets, group);
    }
    limit(group, limits);
  }

  /** A new cpuset is empty, and nothing can enter it before it has CPUs and memory nodes. */
  private static void inherit(Hierarchy cpusets, CgroupPath group) {
    CgroupPath above = CgroupPath.ROOT;
    for (String name : group.relative().split("/", -1)) {
      CgroupPath below = above.child(name);
      for (String file : List.of(CPUS, MEMS)) {
        if (cpusets.read(below, file).isEmpty()) {
          cpusets.write(below, file, cpusets.read(above, file));
        }
      }
      above = below;
    }
  }

  @Override
  public void limit(CgroupPath group, CgroupLimits limits) {
    if (limits.cpuShares() > 0) {
      of("cpu").write(group, "cpu.shares", Long.toString(limits.cpuShares()));
    }
    if (limits.cpuPeriodMicros() > 0) {
      of("cpu").write(group, "cpu.cfs_period_us", Long.toString(limits.cpuPeriodMicros()));
    }
    if (limits.cpuQuotaMicros() != 0) {
      of("cpu").write(group, "cpu.cfs_quota_us", Long.toString(limits.cpuQuotaMicros()));
    }
    if (limits.memoryBytes() != 0) {
      of("memory").write(group, "memory.limit_in_bytes", Long.toString(limits.memoryBytes()));
    }
    if (limits.pids() != 0) {
      of("pids").write(group, "pids.max", limits.pids() < 0 ? "max" : "" + limits.pids());
    }
  }

  @Override
  public boolean remove(CgroupPath group) {
    boolean clean = true;
    for (Hierarchy hierarchy : all) {
      clean &= hierarchy.remove(group);
    }
    return clean;
  }

  @Override
  public boolean exists(CgroupPath group) {
    return of("memory").has(group);
  }

  @Override
  public List<String> children(CgroupPath group) {
    Set<String> names = new LinkedHashSet<>();
    all.forEach(hierarchy -> names.addAll(hierarchy.children(group)));
    return List.copyOf(names);
  }

  @Override
  public List<Long> processes(CgroupPath group) {
    return of("memory").processes(group);
  }

  @Override
  public Optional<CgroupUsage> usage(CgroupPath group) {
    Hierarchy memory = of("memory");
    if (!memory.has(group)) {
      return Optional.empty();
    }
    Map<String, Long> stat = memory.table(group, "memory.stat");
    long used = memory.number(group, "memory.usage_in_bytes").orElse(0);
    long inactive = stat.getOrDefault("total_inactive_file", 0L);
    return Optional.of(
        new CgroupUsage(
            of("cpuacct").number(group, "cpuacct.usage").orElse(0),
            used,
            Math.max(0, used - inactive),
            stat.getOrDefault("total_rss", 0L),
            stat.getOrDefault("total_pgfault", 0L),
            stat.getOrDefault("total_pgmajfault", 0L),
            of("pids").number(group, "pids.current").orElse(0)));
  }
}
