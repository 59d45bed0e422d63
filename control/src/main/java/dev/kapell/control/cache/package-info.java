/**
 * Shared, indexed, always current copies of what the API server holds.
 *
 * <p>Entry type: {@link dev.kapell.control.cache.Caches}. Each cache has one virtual thread that
 * lists, watches and applies; a writer may also put in what it has just written ({@link
 * dev.kapell.control.cache.Cache#written}), so that a loop reads its own writes. Readers may be on
 * any thread and never wait for I/O.
 */
@NullMarked
package dev.kapell.control.cache;

import org.jspecify.annotations.NullMarked;
