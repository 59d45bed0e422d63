package dev.kapell.host.cgroup;

/**
 * What a group uses.
 *
 * @param cpuNanos CPU time since the group was made
 * @param memoryUsageBytes all memory charged
 * @param memoryWorkingSetBytes without inactive file cache: what counts against a limit
 * @param memoryRssBytes anonymous memory
 * @param tasks processes and threads
 */
public record CgroupUsage(
    long cpuNanos,
    long memoryUsageBytes,
    long memoryWorkingSetBytes,
    long memoryRssBytes,
    long pageFaults,
    long majorPageFaults,
    long tasks) {}
