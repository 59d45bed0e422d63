/**
 * {@code metrics.k8s.io}: what nodes and pods use, asked of the node agents when somebody asks.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.usage.Usage}. Stateless.
 */
@NullMarked
package dev.kapell.apiserver.usage;

import org.jspecify.annotations.NullMarked;
