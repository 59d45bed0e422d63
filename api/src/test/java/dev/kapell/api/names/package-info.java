/** Tables for {@code dev.kapell.api.names}. */
@NullMarked
package dev.kapell.api.names;

import org.jspecify.annotations.NullMarked;
