/** Tables for {@code dev.kapell.api.yaml}. */
@NullMarked
package dev.kapell.api.yaml;

import org.jspecify.annotations.NullMarked;
