/**
 * A revisioned key-value log: get, list, compare-and-set, watch, compact. Knows bytes, not
 * Kubernetes.
 *
 * <p>Entry type: {@link dev.kapell.store.Store}. One writer thread owns the tables; readers work on
 * immutable snapshots.
 */
@NullMarked
package dev.kapell.store;

import org.jspecify.annotations.NullMarked;
