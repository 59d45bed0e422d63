/**
 * Services: from what the API server says about Services and EndpointSlices to nftables maps.
 *
 * <pre>
 * Service + EndpointSlices ─▶ PortView ─▶ PortRules ─▶ Ruleset ─difference─▶ nft, conntrack
 *                             (which pods)  (which chains)  (one table)
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.network.service.ServiceProxy}; its one thread owns what was
 * applied. Everything to the left of the difference is pure.
 */
@NullMarked
package dev.kapell.network.service;

import org.jspecify.annotations.NullMarked;
