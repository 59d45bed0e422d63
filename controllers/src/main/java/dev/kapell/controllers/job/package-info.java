/**
 * Pods that run to their end, so many times.
 *
 * <pre>
 *   pod ends ─▶ its uid is noted as uncounted (status) ─▶ its finalizer is taken off (pod)
 *            ─▶ the number goes up and the note goes (status)
 * </pre>
 *
 * <p>So each end is counted exactly once, whenever the controller stops in between. Entry type:
 * {@link dev.kapell.controllers.job.JobController}; the decision is {@link
 * dev.kapell.controllers.job.Run}. No state.
 */
@NullMarked
package dev.kapell.controllers.job;

import org.jspecify.annotations.NullMarked;
