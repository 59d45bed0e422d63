/**
 * What a cluster holds from its first moment: namespaces, roles, priority classes.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.bootstrap.Bootstrap}. Runs once at start, on one
 * thread.
 */
@NullMarked
package dev.kapell.apiserver.bootstrap;

import org.jspecify.annotations.NullMarked;
