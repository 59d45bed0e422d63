/**
 * Several containers' logs side by side. Entry type: {@link dev.kapell.app.logs.LogStreams}. One
 * virtual thread a stream.
 */
@NullMarked
package dev.kapell.app.logs;

import org.jspecify.annotations.NullMarked;
