/**
 * Resources that are computed when they are asked for, and stored nowhere.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.computed.Computed}. Stateless.
 */
@NullMarked
package dev.kapell.apiserver.computed;

import org.jspecify.annotations.NullMarked;
