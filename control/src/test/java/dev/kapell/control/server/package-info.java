/** A real API server over a store in memory, for the tests of this module. */
@NullMarked
package dev.kapell.control.server;

import org.jspecify.annotations.NullMarked;
