/**
 * One engine for every kind: a kind is one row, and a verb is one class.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.registry.Registry}. Requests run on their callers'
 * threads and share nothing but the store, the {@link dev.kapell.apiserver.registry.Rows} (replaced
 * as a whole) and bounded caches.
 */
@NullMarked
package dev.kapell.apiserver.registry;

import org.jspecify.annotations.NullMarked;
