/**
 * A cluster of simulated nodes that any client can use over HTTPS, in real time or faster.
 *
 * <p>Entry type: {@link dev.kapell.sim.serve.ServedCluster}. Nothing of it is on a lane: it runs on
 * ordinary threads and does not repeat itself.
 */
@NullMarked
package dev.kapell.sim.serve;

import org.jspecify.annotations.NullMarked;
