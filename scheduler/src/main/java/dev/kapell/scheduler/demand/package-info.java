/**
 * What a pod demands of a node, read once from its specification and comparable, so that all pods
 * of one template share one answer.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.demand.Demand}. Pure; the table of resource names is
 * owned by the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.demand;

import org.jspecify.annotations.NullMarked;
