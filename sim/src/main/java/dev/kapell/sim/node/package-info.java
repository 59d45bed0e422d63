/**
 * Nodes that are no machines: thousands in one process, each of which registers, renews its lease
 * and tells of its pods what a node agent would tell.
 *
 * <p>Entry type: {@link dev.kapell.sim.node.SimulatedNodes}. What becomes of a pod is a pure
 * decision ({@link dev.kapell.sim.node.PodLife}) from the pod itself, so the nodes keep hardly any
 * state; what they keep is guarded by {@link dev.kapell.sim.node.Machines}.
 */
@NullMarked
package dev.kapell.sim.node;

import org.jspecify.annotations.NullMarked;
