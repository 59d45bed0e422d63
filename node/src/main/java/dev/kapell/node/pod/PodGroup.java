package dev.kapell.node.pod;

import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.config.Resources;
import dev.kapell.node.plan.Allocation;

/**
 * The group that bounds a whole pod. A container's bounds have to lie within it at any time, so it
 * grows before they do, and shrinks after them.
 */
final class PodGroup {
  private final PodRoom room;
  private final PodMemory memory;

  PodGroup(PodRoom room, PodMemory memory) {
    this.room = room;
    this.memory = memory;
  }

  /** Makes it. */
  void create(PodFacts facts) {
    CgroupLimits limits = wanted(facts);
    room.cgroups().create(Resources.cgroup(facts), limits);
    memory.group(limits);
  }

  /** Makes room for what was given to the pod; takes nothing away yet. */
  void grow(PodFacts facts) {
    CgroupLimits had = memory.group();
    if (had == null) {
      Allocation recorded = Allocation.recorded(memory.pod());
      had = Resources.podLimits(recorded.applyTo(facts.pod()), room.maxPids());
    }
    CgroupLimits both = both(had, wanted(facts));
    if (!both.equals(had)) {
      room.cgroups().limit(Resources.cgroup(facts), both);
    }
    memory.group(both);
  }

  /** No container has more than it was given: neither has the pod from now on. */
  void settle(PodFacts facts) {
    CgroupLimits limits = wanted(facts);
    if (!limits.equals(memory.group())) {
      room.cgroups().limit(Resources.cgroup(facts), limits);
      memory.group(limits);
    }
  }

  private CgroupLimits wanted(PodFacts facts) {
    return Resources.podLimits(facts.pod(), room.maxPids());
  }

  private static CgroupLimits both(CgroupLimits one, CgroupLimits other) {
    return new CgroupLimits(
        Math.max(one.cpuShares(), other.cpuShares()),
        limit(one.cpuQuotaMicros(), other.cpuQuotaMicros()),
        other.cpuPeriodMicros(),
        limit(one.memoryBytes(), other.memoryBytes()),
        other.pids());
  }

  /** 0 stands for no limit, and then leaves it so. */
  private static long limit(long one, long other) {
    return one == 0 || other == 0 ? 0 : Math.max(one, other);
  }
}
