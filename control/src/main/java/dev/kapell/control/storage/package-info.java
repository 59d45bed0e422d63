/**
 * What the provisioner of local volumes and the node agents tell each other.
 *
 * <p>Entry type: {@link dev.kapell.control.storage.LocalStorage}. Pure and without state.
 */
@NullMarked
package dev.kapell.control.storage;

import org.jspecify.annotations.NullMarked;
