/**
 * What expressions work on: JSON trees as they are ({@code Map}, {@code List}, {@code String},
 * {@code Long}, {@code Double}, {@code Boolean}), and the few values that JSON lacks.
 *
 * <p>Entry type: {@link dev.kapell.cel.value.Values}. Values are immutable or only read; nothing
 * here is owned by a thread.
 */
@NullMarked
package dev.kapell.cel.value;

import org.jspecify.annotations.NullMarked;
