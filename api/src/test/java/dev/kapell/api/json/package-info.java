/** Tables for {@code dev.kapell.api.json}. */
@NullMarked
package dev.kapell.api.json;

import org.jspecify.annotations.NullMarked;
