/**
 * What a Compose file says: YAML with line numbers, interpolation, and each key read by somebody or
 * refused by name and line.
 *
 * <p>Entry type: {@link dev.kapell.compose.file.ComposeFiles}; the result is {@link
 * dev.kapell.compose.file.ComposeFile}. Immutable.
 */
@NullMarked
package dev.kapell.compose.file;

import org.jspecify.annotations.NullMarked;
