/** Tables for {@code dev.kapell.api.proto}. */
@NullMarked
package dev.kapell.api.proto;

import org.jspecify.annotations.NullMarked;
