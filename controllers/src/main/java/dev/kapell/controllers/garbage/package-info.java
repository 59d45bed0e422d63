/**
 * Deletes what nobody owns any more.
 *
 * <pre>
 *   owner deleted ──▶ its dependents are looked at
 *   dependent: all owners gone ──▶ deleted            (background)
 *   owner with foregroundDeletion ──▶ dependents deleted first, then the finalizer taken off
 *   owner with orphan ──▶ references taken off the dependents, then the finalizer
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.controllers.garbage.GarbageCollector}. It keeps no graph of its
 * own: the caches' index by owner uid is the graph. Whether an owner is really gone is always asked
 * of the server.
 */
@NullMarked
package dev.kapell.controllers.garbage;

import org.jspecify.annotations.NullMarked;
