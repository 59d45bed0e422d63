/**
 * Queues that share the cluster fairly: by the resource of which each has the largest part
 * (dominant resource fairness), weighted; what one leaves idle others borrow, and give back.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.share.Shares}. Owned by the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.share;

import org.jspecify.annotations.NullMarked;
