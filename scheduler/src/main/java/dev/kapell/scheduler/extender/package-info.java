/**
 * Other programs that have a say in scheduling, asked over HTTP.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.extender.Extenders}. Called on the scheduler's thread,
 * which waits for the answer.
 */
@NullMarked
package dev.kapell.scheduler.extender;

import org.jspecify.annotations.NullMarked;
