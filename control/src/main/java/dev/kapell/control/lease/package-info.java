/**
 * One leader among several processes, through a Lease object.
 *
 * <p>Entry type: {@link dev.kapell.control.lease.LeaderElection}. The thread that calls {@code run}
 * owns its state, and while it leads the one that renews the lease.
 */
@NullMarked
package dev.kapell.control.lease;

import org.jspecify.annotations.NullMarked;
