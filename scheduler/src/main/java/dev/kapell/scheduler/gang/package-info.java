/**
 * Pods that are of use only together: all of a gang get their nodes at once, or none does.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.gang.Gang}, read from a pod's annotations. Owned by
 * the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.gang;

import org.jspecify.annotations.NullMarked;
