/**
 * Conversations with node agents, pods and services: logs, exec, attach, port-forward, proxy.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.proxy.ConnectProxy}. A relayed exchange lives on its
 * request's own thread.
 */
@NullMarked
package dev.kapell.apiserver.proxy;

import org.jspecify.annotations.NullMarked;
