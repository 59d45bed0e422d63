/**
 * What a greedy client costs a polite one.
 *
 * <p>Entry type: {@link dev.kapell.bench.fair.Fairness}. Each caller has a thread and a connection
 * of its own; the greedy ones live in a process of their own that the machine serves last, as if
 * they were elsewhere.
 */
@NullMarked
package dev.kapell.bench.fair;

import org.jspecify.annotations.NullMarked;
