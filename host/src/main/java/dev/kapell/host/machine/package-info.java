/**
 * What this machine is and what it has: for Node status, stats and pressure.
 *
 * <p>Entry type: {@link dev.kapell.host.machine.Machine}. Read on every call, nothing is kept.
 */
@NullMarked
package dev.kapell.host.machine;

import org.jspecify.annotations.NullMarked;
