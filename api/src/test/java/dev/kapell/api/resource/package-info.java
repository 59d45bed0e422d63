/** Tables for {@code dev.kapell.api.resource}. */
@NullMarked
package dev.kapell.api.resource;

import org.jspecify.annotations.NullMarked;
