/** Tables for {@code dev.kapell.api.patch}. */
@NullMarked
package dev.kapell.api.patch;

import org.jspecify.annotations.NullMarked;
