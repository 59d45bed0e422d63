/**
 * {@code main}: the command line and the wiring of a server.
 *
 * <p>Entry type: {@link dev.kapell.app.Main}. Commands run on the main thread.
 */
@NullMarked
package dev.kapell.app;

import org.jspecify.annotations.NullMarked;
