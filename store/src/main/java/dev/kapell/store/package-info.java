/**
 * A revisioned key-value log: get, list, compare-and-set, watch, compact. Knows bytes, not
 * Kubernetes.
 *
 * <p>Entry type: {@link dev.kapell.store.Store}; {@link dev.kapell.store.MemoryStore} and {@link
 * dev.kapell.store.SqliteStore} open one.
 *
 * <pre>
 * submit ─▶ WriteQueue ─▶ writer: Draft ─▶ Journal (one sync) ─▶ State, EventRings ─▶ callers
 *           bounded       the only one      memory, SQLite       │          │
 *                                                       snapshot ◀          ▶ cursors
 * </pre>
 *
 * <p>One writer thread owns the tables, the journal and what waits to be forgotten. Readers work on
 * immutable states; a ring's lock guards its events and the places of its cursors.
 */
@NullMarked
package dev.kapell.store;

import org.jspecify.annotations.NullMarked;
