/**
 * Which node is the best for a pod: among how many it is sought, and what is known from the pods
 * before it.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.choice.Verdicts}. Owned by the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.choice;

import org.jspecify.annotations.NullMarked;
