/**
 * The rules that names, labels and keys follow. Entry type: {@link dev.kapell.api.names.NameRules}.
 * Pure.
 */
@NullMarked
package dev.kapell.api.names;

import org.jspecify.annotations.NullMarked;
