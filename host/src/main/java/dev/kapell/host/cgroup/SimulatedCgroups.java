package dev.kapell.host.cgroup;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Control groups in memory, without processes. Thread-safe. */
public final class SimulatedCgroups implements Cgroups {
  private static final CgroupUsage IDLE = new CgroupUsage(0, 0, 0, 0, 0, 0, 0);

  private final TreeMap<String, CgroupLimits> groups = new TreeMap<>();

  @Override
  public int version() {
    return 2;
  }

  @Override
  public synchronized void create(CgroupPath group, CgroupLimits limits) {
    CgroupPath above = CgroupPath.ROOT;
    for (String name : group.relative().split("/", -1)) {
      above = above.child(name);
      groups.putIfAbsent(above.value(), CgroupLimits.NONE);
    }
    groups.put(group.value(), limits);
  }

  @Override
  public synchronized void limit(CgroupPath group, CgroupLimits limits) {
    if (groups.replace(group.value(), limits) == null) {
      throw new CgroupFailure(
          "no control group " + group, new java.nio.file.NoSuchFileException(group.value()));
    }
  }

  /** The limits last set. */
  public synchronized Optional<CgroupLimits> limits(CgroupPath group) {
    return Optional.ofNullable(groups.get(group.value()));
  }

  @Override
  public synchronized boolean remove(CgroupPath group) {
    groups
        .keySet()
        .removeIf(path -> path.equals(group.value()) || path.startsWith(group.value() + "/"));
    return true;
  }

  @Override
  public synchronized boolean exists(CgroupPath group) {
    return group.equals(CgroupPath.ROOT) || groups.containsKey(group.value());
  }

  @Override
  public synchronized List<String> children(CgroupPath group) {
    String prefix = group.equals(CgroupPath.ROOT) ? "/" : group.value() + "/";
    return groups.keySet().stream()
        .filter(path -> path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0)
        .map(path -> path.substring(prefix.length()))
        .toList();
  }

  @Override
  public List<Long> processes(CgroupPath group) {
    return List.of();
  }

  @Override
  public Optional<CgroupUsage> usage(CgroupPath group) {
    return exists(group) ? Optional.of(IDLE) : Optional.empty();
  }
}
