package dev.kapell.host.cgroup;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Control groups of version 2: one tree for all controllers. */
final class UnifiedCgroups implements Cgroups {
  private static final List<String> CONTROLLERS = List.of("cpuset", "cpu", "memory", "pids");
  private static final long NANOS_PER_MICRO = 1000;

  private final Hierarchy tree;

  UnifiedCgroups(Hierarchy tree) {
    this.tree = tree;
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public void create(CgroupPath group, CgroupLimits limits) {
    CgroupPath above = CgroupPath.ROOT;
    for (String name : group.relative().split("/", -1)) {
      delegate(above);
      above = above.child(name);
      tree.create(above);
    }
    delegate(group);
    limit(group, limits);
  }

  /** Lets the groups below use every controller that this one has. */
  private void delegate(CgroupPath group) {
    List<String> had = List.of(tree.read(group, "cgroup.controllers").split(" ", -1));
    List<String> passed = List.of(tree.read(group, "cgroup.subtree_control").split(" ", -1));
    for (String controller : CONTROLLERS) {
      if (had.contains(controller) && !passed.contains(controller)) {
        tree.write(group, "cgroup.subtree_control", "+" + controller);
      }
    }
  }

  @Override
  public void limit(CgroupPath group, CgroupLimits limits) {
    if (limits.cpuShares() > 0) {
      tree.write(group, "cpu.weight", Long.toString(weight(limits.cpuShares())));
    }
    if (limits.cpuQuotaMicros() != 0) {
      String quota = limits.cpuQuotaMicros() < 0 ? "max" : "" + limits.cpuQuotaMicros();
      String period = limits.cpuPeriodMicros() > 0 ? " " + limits.cpuPeriodMicros() : "";
      tree.write(group, "cpu.max", quota + period);
    }
    if (limits.memoryBytes() != 0) {
      tree.write(group, "memory.max", maximum(limits.memoryBytes()));
    }
    if (limits.pids() != 0) {
      tree.write(group, "pids.max", maximum(limits.pids()));
    }
  }

  private static String maximum(long limit) {
    return limit < 0 ? "max" : Long.toString(limit);
  }

  /** 2…262144 shares to 1…10000, linearly, as the runtimes do. */
  static long weight(long shares) {
    return 1 + (shares - 2) * 9999 / 262142;
  }

  @Override
  public boolean remove(CgroupPath group) {
    return tree.remove(group);
  }

  @Override
  public boolean exists(CgroupPath group) {
    return tree.has(group);
  }

  @Override
  public List<String> children(CgroupPath group) {
    return tree.children(group);
  }

  @Override
  public List<Long> processes(CgroupPath group) {
    return tree.processes(group);
  }

  @Override
  public Optional<CgroupUsage> usage(CgroupPath group) {
    if (!tree.has(group)) {
      return Optional.empty();
    }
    Map<String, Long> stat = tree.table(group, "memory.stat");
    long used = tree.number(group, "memory.current").orElse(0);
    return Optional.of(
        new CgroupUsage(
            tree.table(group, "cpu.stat").getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
            used,
            Math.max(0, used - stat.getOrDefault("inactive_file", 0L)),
            stat.getOrDefault("anon", 0L),
            stat.getOrDefault("pgfault", 0L),
            stat.getOrDefault("pgmajfault", 0L),
            tree.number(group, "pids.current").orElse(0)));
  }
}
