/**
 * The types of variables: from a schema, or built by hand.
 *
 * <p>Entry type: {@link dev.kapell.cel.type.ValueType}. Immutable.
 */
@NullMarked
package dev.kapell.cel.type;

import org.jspecify.annotations.NullMarked;
