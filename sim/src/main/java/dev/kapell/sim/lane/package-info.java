/**
 * One lane for everything that moves: all threads of a simulated world run one at a time, which is
 * next comes from the seed, and time passes only when all of them wait.
 *
 * <p>Entry type: {@link dev.kapell.sim.lane.Lane}. The thread that calls its {@code run} carries
 * all others.
 */
@NullMarked
package dev.kapell.sim.lane;

import org.jspecify.annotations.NullMarked;
