/**
 * What a person sees: lines in a pipe, live blocks on a terminal. Entry type: {@link
 * dev.kapell.app.terminal.Screen}.
 */
@NullMarked
package dev.kapell.app.terminal;

import org.jspecify.annotations.NullMarked;
