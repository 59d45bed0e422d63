/**
 * The agent's own API over TLS, for the API server and for monitoring: logs, exec, attach,
 * port-forward, stats.
 *
 * <p>Entry type: {@link dev.kapell.node.serve.AgentServer}. Stateless; each request runs on a
 * virtual thread of its own.
 */
@NullMarked
package dev.kapell.node.serve;

import org.jspecify.annotations.NullMarked;
