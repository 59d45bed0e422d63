/**
 * What the testkit promises, through its own doors and through a client that knows nothing of
 * Kapell.
 */
@NullMarked
package dev.kapell.testkit;

import org.jspecify.annotations.NullMarked;
