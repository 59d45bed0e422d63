/**
 * A checked expression as a tree of nodes that evaluate themselves on JSON trees, without
 * conversion, and count what they cost.
 *
 * <p>Entry type: {@link dev.kapell.cel.plan.Planner}. Nodes are immutable and shared; a {@link
 * dev.kapell.cel.plan.Frame} belongs to one evaluation.
 */
@NullMarked
package dev.kapell.cel.plan;

import org.jspecify.annotations.NullMarked;
