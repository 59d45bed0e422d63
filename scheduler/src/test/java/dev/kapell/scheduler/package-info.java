/** The scheduler on a real API server over a store in memory. */
@NullMarked
package dev.kapell.scheduler;

import org.jspecify.annotations.NullMarked;
