/**
 * Control groups: the tree of pods and QoS classes, their limits and their use.
 *
 * <p>Entry type: {@link dev.kapell.host.cgroup.Cgroups}, on cgroup v1 (each controller a hierarchy,
 * with or without a v2 hierarchy beside them) and v2. The kernel owns the state; safe from any
 * thread.
 */
@NullMarked
package dev.kapell.host.cgroup;

import org.jspecify.annotations.NullMarked;
