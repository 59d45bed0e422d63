/**
 * What the node does when room runs out: forgets images that nobody uses, evicts pods (reference:
 * Garbage Collection, Node-pressure Eviction).
 *
 * <p>Entry type: {@link dev.kapell.node.pressure.Pressure}. All state belongs to the housekeeping's
 * thread, but for the health, which anybody may read.
 */
@NullMarked
package dev.kapell.node.pressure;

import org.jspecify.annotations.NullMarked;
