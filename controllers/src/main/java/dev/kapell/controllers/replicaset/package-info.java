/**
 * Keeps so many pods of one template: ReplicaSet, and ReplicationController with the same logic.
 *
 * <p>Entry types: {@link dev.kapell.controllers.replicaset.ReplicaSetController}, {@link
 * dev.kapell.controllers.replicaset.ReplicationControllerController}. The decision is {@link
 * dev.kapell.controllers.replicaset.Replicas}. No state.
 */
@NullMarked
package dev.kapell.controllers.replicaset;

import org.jspecify.annotations.NullMarked;
