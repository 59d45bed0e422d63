/**
 * The pods that wait for a node.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.queue.PodQueue}. Owned by the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.queue;

import org.jspecify.annotations.NullMarked;
