package dev.kapell.host.runtime;

/**
 * Limits of a container. 0 or an empty text: not set.
 *
 * @param cpuPeriodMicros CFS period
 * @param cpuQuotaMicros CPU time per period; 0: no limit
 * @param cpuShares cgroup v1 weight (1024 = one CPU's request), translated for v2 by the runtime
 * @param memoryLimitBytes 0: no limit
 * @param oomScoreAdj -1000 to 1000, applied at creation
 * @param cpusetCpus list such as {@code 0-1}; empty: all
 * @param cpusetMems list of memory nodes; empty: all
 */
public record LinuxResources(
    long cpuPeriodMicros,
    long cpuQuotaMicros,
    long cpuShares,
    long memoryLimitBytes,
    int oomScoreAdj,
    String cpusetCpus,
    String cpusetMems) {
  /** No limits. */
  public static final LinuxResources NONE = new LinuxResources(0, 0, 0, 0, 0, "", "");
}
