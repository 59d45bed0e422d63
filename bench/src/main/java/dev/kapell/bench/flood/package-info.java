/**
 * Peers that mean harm, by seed, and what a polite client notices of them.
 *
 * <p>Entry type: {@link dev.kapell.bench.flood.Flood}. Every attacker is a thread with connections
 * of its own; {@link dev.kapell.bench.flood.Leeches} hold many at a time.
 */
@NullMarked
package dev.kapell.bench.flood;

import org.jspecify.annotations.NullMarked;
