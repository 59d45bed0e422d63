/**
 * The rules by which nodes are chosen: filters that can say why not, and scores.
 *
 * <p>Entry types: {@link dev.kapell.scheduler.plugin.Filter}, {@link
 * dev.kapell.scheduler.plugin.Score}, {@link dev.kapell.scheduler.plugin.Plugins} (the list of
 * all). Each is prepared once for a demand, and then asked about rows. Called on the scheduler's
 * thread.
 */
@NullMarked
package dev.kapell.scheduler.plugin;

import org.jspecify.annotations.NullMarked;
