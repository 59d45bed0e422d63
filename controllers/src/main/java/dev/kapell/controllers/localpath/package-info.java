/**
 * The class {@code local-path}: volumes that are folders of the node on which their first consumer
 * runs. The node agent makes the folders and removes them.
 *
 * <p>Entry types: {@link dev.kapell.controllers.localpath.ProvisionController} (claims), {@link
 * dev.kapell.controllers.localpath.ReclaimController} (volumes), {@link
 * dev.kapell.controllers.localpath.DefaultClassController} (the class). No state.
 */
@NullMarked
package dev.kapell.controllers.localpath;

import org.jspecify.annotations.NullMarked;
