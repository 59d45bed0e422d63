/**
 * Amounts of CPU, memory and the like. Entry type: {@link dev.kapell.api.resource.Quantity}.
 * Immutable values.
 */
@NullMarked
package dev.kapell.api.resource;

import org.jspecify.annotations.NullMarked;
