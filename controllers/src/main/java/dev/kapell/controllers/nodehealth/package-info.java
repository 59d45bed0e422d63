/**
 * Nodes that are no longer heard of: their conditions become Unknown, taints keep new pods away,
 * and pods that do not tolerate the taint are evicted.
 *
 * <p>Entry types: {@link dev.kapell.controllers.nodehealth.NodeHealthController} (conditions and
 * taints), {@link dev.kapell.controllers.nodehealth.TaintEvictionController} (pods). State: when
 * each node was last heard of, by this process's own clock, owned by {@link
 * dev.kapell.controllers.nodehealth.Heartbeats}, and when a zone last gave one up, owned by {@link
 * dev.kapell.controllers.nodehealth.Turns}.
 */
@NullMarked
package dev.kapell.controllers.nodehealth;

import org.jspecify.annotations.NullMarked;
