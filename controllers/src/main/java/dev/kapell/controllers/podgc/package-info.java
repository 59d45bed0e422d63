/**
 * Removes pods that nobody else will: on nodes that are gone, and finished ones beyond a number.
 *
 * <p>Entry type: {@link dev.kapell.controllers.podgc.PodGarbageController}. No state.
 */
@NullMarked
package dev.kapell.controllers.podgc;

import org.jspecify.annotations.NullMarked;
