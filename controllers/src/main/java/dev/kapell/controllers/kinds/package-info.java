/**
 * The kinds that are served now, built-in and custom, for the controllers that work on all of them.
 *
 * <p>Entry type: {@link dev.kapell.controllers.kinds.Kinds}. Thread-safe.
 */
@NullMarked
package dev.kapell.controllers.kinds;

import org.jspecify.annotations.NullMarked;
