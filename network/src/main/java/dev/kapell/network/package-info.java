/**
 * A node's network: pod interfaces, Services, DNS.
 *
 * <pre>
 * caches of Services, EndpointSlices ─▶ NetworkAgent ─┬▶ service.ServiceProxy ─▶ nftables, conntrack
 *                                                     └▶ dns.ClusterNames ─▶ dns.DnsServer
 *                        at start: cni.PodNetwork ─▶ bridge, CNI configuration, kernel parameters
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.network.NetworkAgent}; one thread of its own owns everything to
 * the right of it.
 */
@NullMarked
package dev.kapell.network;

import org.jspecify.annotations.NullMarked;
