/**
 * The scheduler's picture of the nodes and of what runs on them: columns and rows, kept up to date
 * by difference.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.cluster.Cluster}. Owned by the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.cluster;

import org.jspecify.annotations.NullMarked;
