/**
 * What every control loop stands on: shared caches, keyed queues, the loop that applies plans,
 * leader leases and events.
 *
 * <p>The road of a change: {@link dev.kapell.control.cache.Cache} (one list and watch per type) →
 * handler → {@link dev.kapell.control.loop.WorkQueue} (names, never events) → {@link
 * dev.kapell.control.loop.ControlLoop} → a pure {@code decide} → {@link
 * dev.kapell.control.loop.Plan} of {@link dev.kapell.control.loop.Change}s → {@link
 * dev.kapell.control.loop.Applier} → client, and what was written goes into the cache at once.
 */
@NullMarked
package dev.kapell.control;

import org.jspecify.annotations.NullMarked;
