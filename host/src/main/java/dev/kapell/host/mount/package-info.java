/**
 * Mounts: tmpfs, binds, what is mounted, and getting rid of it.
 *
 * <p>Entry type: {@link dev.kapell.host.mount.Mounts}. The kernel owns the state; safe from any
 * thread.
 */
@NullMarked
package dev.kapell.host.mount;

import org.jspecify.annotations.NullMarked;
