/**
 * Other programs: run one to its end within bounds, or start one that outlives us.
 *
 * <p>Entry type: {@link dev.kapell.host.process.Processes}. Nothing is kept between calls; safe
 * from any thread.
 */
@NullMarked
package dev.kapell.host.process;

import org.jspecify.annotations.NullMarked;
