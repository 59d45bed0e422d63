/**
 * The cluster's certificate authority, as a ConfigMap in every namespace.
 *
 * <p>Entry type: {@link dev.kapell.controllers.rootca.RootCaController}. No state.
 */
@NullMarked
package dev.kapell.controllers.rootca;

import org.jspecify.annotations.NullMarked;
