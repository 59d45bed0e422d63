/**
 * What the scheduler does in a second: decisions alone, and pods bound over the real API pipeline
 * and a durable store, with nodes that only exist as objects.
 *
 * <p>Entry type: {@link dev.kapell.bench.scheduling.Scheduling}.
 */
@NullMarked
package dev.kapell.bench.scheduling;

import org.jspecify.annotations.NullMarked;
