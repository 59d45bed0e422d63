/**
 * Groups and versions that other servers serve behind this one, as {@code APIService} objects name
 * them.
 *
 * <pre>
 * follow   APIService, Service, EndpointSlice ─▶ is it there, does it answer? ─▶ condition Available
 *          groups and versions of this server ─▶ an APIService each, without a service
 * relay    authenticated, authorized request ─▶ the caller in X-Remote-* headers, vouched for by a
 *          client certificate of the front-proxy authority ─▶ the other server, upgrades included
 * </pre>
 *
 * <p>Entry type: {@link dev.kapell.apiserver.aggregation.Aggregation}. One task owns the state and
 * publishes an immutable table; requests only read it.
 */
@NullMarked
package dev.kapell.apiserver.aggregation;

import org.jspecify.annotations.NullMarked;
