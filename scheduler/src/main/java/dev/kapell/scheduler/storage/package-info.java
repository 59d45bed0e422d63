/**
 * What the scheduler knows of volumes: claims, the volumes that they may be bound to, classes,
 * drivers, and which free volumes it has promised to pods that are being bound.
 *
 * <p>Entry type: {@link dev.kapell.scheduler.storage.Storage}. Reads are of the caches' snapshots;
 * the promises are owned by the scheduler's thread.
 */
@NullMarked
package dev.kapell.scheduler.storage;

import org.jspecify.annotations.NullMarked;
