/** Tables for {@code dev.kapell.api.selector}. */
@NullMarked
package dev.kapell.api.selector;

import org.jspecify.annotations.NullMarked;
