package dev.kapell.host.cgroup;

import java.util.List;
import java.util.Optional;

/** Control groups. Every method throws {@link CgroupFailure} when the kernel refuses. */
public interface Cgroups {

  /** What this machine has: v1 when a memory controller is mounted by itself, else v2. */
  static Cgroups ofThisMachine() {
    return CgroupDetection.detect(java.nio.file.Path.of("/"));
  }

  /** 1 or 2. */
  int version();

  /** Creates a group and its parents where they are missing, then sets the limits. Repeatable. */
  void create(CgroupPath group, CgroupLimits limits);

  /** Sets the limits of a group that exists; what is 0 stays as it is, -1 takes a limit off. */
  void limit(CgroupPath group, CgroupLimits limits);

  /**
   * Removes a group and all below it, in every hierarchy. Repeatable.
   *
   * @return false when a process still lives in it
   */
  boolean remove(CgroupPath group);

  /** Whether the group exists. */
  boolean exists(CgroupPath group);

  /** The names of the groups directly below. */
  List<String> children(CgroupPath group);

  /** The processes in a group and below. */
  List<Long> processes(CgroupPath group);

  /** What the processes of a group and below use; empty when there is no such group. */
  Optional<CgroupUsage> usage(CgroupPath group);
}
