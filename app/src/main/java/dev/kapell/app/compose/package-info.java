/**
 * Carries a Compose project's plan out on a cluster. Entry type: {@link
 * dev.kapell.app.compose.ComposeSession}. One thread.
 */
@NullMarked
package dev.kapell.app.compose;

import org.jspecify.annotations.NullMarked;
