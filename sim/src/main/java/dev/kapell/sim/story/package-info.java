/**
 * What happened in a simulated world: every revision with its time and author, the hash over all of
 * it, and the story that a person reads.
 *
 * <p>Entry type: {@link dev.kapell.sim.story.History}, which hears of each commit on the store's
 * writer, before anybody else does.
 */
@NullMarked
package dev.kapell.sim.story;

import org.jspecify.annotations.NullMarked;
