/**
 * Containers' log files: read, followed, rotated.
 *
 * <p>Entry types: {@link dev.kapell.node.log.LogReader}, {@link dev.kapell.node.log.LogRotation}.
 * The runtime writes the files.
 */
@NullMarked
package dev.kapell.node.log;

import org.jspecify.annotations.NullMarked;
