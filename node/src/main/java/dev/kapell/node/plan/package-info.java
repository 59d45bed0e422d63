/**
 * What should happen to one pod now, and what its status says: pure functions from what was seen.
 *
 * <p>Entry types: {@link dev.kapell.node.plan.PodPlanner#decide} takes a {@link
 * dev.kapell.node.plan.PodObserved} and the time, and answers with a {@link
 * dev.kapell.node.plan.PodPlan}. No I/O, no clock, no logging, no state: every thread may call it.
 *
 * <pre>
 *   running ──(deleted, finished, over its deadline, evicted, refused)──▶ terminating ──▶ stopped ──▶ released ──▶ gone
 *   mount volumes ∥ create sandbox ∥ pull ─▶ init containers, one by one ─▶ containers, in order
 *   kill containers ─▶ kill sidecars, last first ─▶ stop sandbox ─▶ unmount, drop cgroup ─▶ delete from the API
 * </pre>
 */
@NullMarked
package dev.kapell.node.plan;

import org.jspecify.annotations.NullMarked;
