/**
 * The node agent: runs the pods that are bound to one node.
 *
 * <p>Entry type: {@link dev.kapell.node.NodeAgent#start}. The rooms below it, in the order of the
 * data: {@code plan} decides, {@code config} and {@code volume} say what the runtime is asked for,
 * {@code probe} asks containers, {@code pod} holds the workers, {@code log}, {@code stats} and
 * {@code serve} show what runs, {@code self} is the Node object.
 */
@NullMarked
package dev.kapell.node;

import org.jspecify.annotations.NullMarked;
