/**
 * The control plane of a simulated world as one process that can die: the real API pipeline,
 * controllers and scheduler on a store that outlives them.
 *
 * <p>Entry type: {@link dev.kapell.sim.cluster.Cluster}. Everything here runs on a {@link
 * dev.kapell.sim.lane.Lane}, so no two threads are ever at the same place; nothing is locked.
 */
@NullMarked
package dev.kapell.sim.cluster;

import org.jspecify.annotations.NullMarked;
