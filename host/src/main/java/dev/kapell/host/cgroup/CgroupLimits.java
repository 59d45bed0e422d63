package dev.kapell.host.cgroup;

/**
 * Limits of a group. 0: leave as it is; -1: no limit.
 *
 * @param cpuShares cgroup v1 weight, 2 to 262144 (1024 for each CPU asked for); translated for v2
 * @param cpuQuotaMicros CPU time per {@code cpuPeriodMicros}
 * @param cpuPeriodMicros usually 100000
 * @param memoryBytes hard limit
 * @param pids most tasks
 */
public record CgroupLimits(
    long cpuShares, long cpuQuotaMicros, long cpuPeriodMicros, long memoryBytes, long pids) {
  /** Nothing said. */
  public static final CgroupLimits NONE = new CgroupLimits(0, 0, 0, 0, 0);
}
