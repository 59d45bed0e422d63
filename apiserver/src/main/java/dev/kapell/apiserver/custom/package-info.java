/**
 * Custom resources: definitions become rows at run time.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.custom.CustomResources}. One task follows the
 * definitions and replaces their rows.
 */
@NullMarked
package dev.kapell.apiserver.custom;

import org.jspecify.annotations.NullMarked;
