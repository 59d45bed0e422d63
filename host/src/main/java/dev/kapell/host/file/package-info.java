/**
 * Files of this machine beyond what the JDK does in one call. Entry types: {@link
 * dev.kapell.host.file.DirectoryTree}, {@link dev.kapell.host.file.HeldPath}. No state.
 */
@NullMarked
package dev.kapell.host.file;

import org.jspecify.annotations.NullMarked;
