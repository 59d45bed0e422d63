/**
 * Empties namespaces that are going, and lets them go.
 *
 * <p>Entry type: {@link dev.kapell.controllers.namespace.NamespaceController}. No state.
 */
@NullMarked
package dev.kapell.controllers.namespace;

import org.jspecify.annotations.NullMarked;
