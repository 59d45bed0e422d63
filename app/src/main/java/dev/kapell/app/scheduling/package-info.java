/**
 * Reads a {@code KubeSchedulerConfiguration}: what an operator says to the scheduler.
 *
 * <p>Entry type: {@link dev.kapell.app.scheduling.SchedulerFile}. Pure but for reading the file.
 */
@NullMarked
package dev.kapell.app.scheduling;

import org.jspecify.annotations.NullMarked;
