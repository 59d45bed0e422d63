/**
 * The cluster's DNS, served on every node by the agent itself.
 *
 * <pre>
 * socket ─▶ Query ─▶ Zone ─▶ Reply ─▶ socket          names of the cluster: from memory, at once
 *              └───▶ Forwarder ─▶ upstream ─▶ socket  everything else: the upstream's own bytes
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.network.dns.DnsServer}. {@link dev.kapell.network.dns.Zone} is
 * an immutable snapshot that is swapped when a Service or its endpoints change. The codec is our
 * own, since a forwarded message has to stay as it is to the last byte. Follows "DNS-Based Service
 * Discovery" 1.1.0 of Kubernetes, RFC 1035 and RFC 6891.
 */
@NullMarked
package dev.kapell.network.dns;

import org.jspecify.annotations.NullMarked;
