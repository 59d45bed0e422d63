/**
 * How many pods may be disrupted at once.
 *
 * <p>Entry type: {@link dev.kapell.controllers.disruption.DisruptionController}. No state.
 */
@NullMarked
package dev.kapell.controllers.disruption;

import org.jspecify.annotations.NullMarked;
