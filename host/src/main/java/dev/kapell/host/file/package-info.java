/**
 * Files of this machine beyond what the JDK does in one call. Entry type: {@link
 * dev.kapell.host.file.DirectoryTree}. No state.
 */
@NullMarked
package dev.kapell.host.file;

import org.jspecify.annotations.NullMarked;
