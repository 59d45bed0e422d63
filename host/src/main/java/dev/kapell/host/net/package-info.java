/**
 * The machine's network: links, addresses, routes, neighbours, nftables, sysctls and connection
 * tracking.
 *
 * <p>Entry type: {@link dev.kapell.host.net.HostNetwork}, which bundles one interface for each,
 * real or simulated. The kernel owns the state; safe from any thread.
 */
@NullMarked
package dev.kapell.host.net;

import org.jspecify.annotations.NullMarked;
