/**
 * What objects refer to by name. Entry type: {@link dev.kapell.apiserver.references.PodReferences}.
 * Pure.
 */
@NullMarked
package dev.kapell.apiserver.references;

import org.jspecify.annotations.NullMarked;
