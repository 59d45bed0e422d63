/**
 * What containers, pods and the node use.
 *
 * <p>Entry type: {@link dev.kapell.node.stats.Usage}, thread-safe; it keeps the last two samples of
 * each container to tell the rate.
 */
@NullMarked
package dev.kapell.node.stats;

import org.jspecify.annotations.NullMarked;
