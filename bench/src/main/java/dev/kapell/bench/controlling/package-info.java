/**
 * What the controllers do in a second, on nodes that are simulated: a large Deployment, many
 * rollouts at once, and the rest afterwards. Against a cluster in this process, or any API server
 * with controllers and scheduler of its own.
 *
 * <p>Entry type: {@link dev.kapell.bench.controlling.Controlling}.
 */
@NullMarked
package dev.kapell.bench.controlling;

import org.jspecify.annotations.NullMarked;
