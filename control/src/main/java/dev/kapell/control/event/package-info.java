/**
 * Events: what happened, told to the people who look at an object.
 *
 * <p>Entry type: {@link dev.kapell.control.event.EventRecorder}. Any thread records; one virtual
 * thread of the recorder writes, from a bounded queue, and owns what is remembered for counting.
 */
@NullMarked
package dev.kapell.control.event;

import org.jspecify.annotations.NullMarked;
