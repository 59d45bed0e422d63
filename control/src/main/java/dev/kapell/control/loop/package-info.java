/**
 * From a name that changed to the writes that follow from it.
 *
 * <p>Entry type: {@link dev.kapell.control.loop.ControlLoop}. A loop owns one {@link
 * dev.kapell.control.loop.WorkQueue} of names and a few virtual threads; a name is never worked on
 * by two threads at once, so what a reconciler keeps by name needs no lock.
 */
@NullMarked
package dev.kapell.control.loop;

import org.jspecify.annotations.NullMarked;
