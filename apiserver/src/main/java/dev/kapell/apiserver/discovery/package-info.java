/**
 * What is served, as clients discover it: groups, versions, resources, plain and aggregated.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.discovery.Discovery}. Documents are built when first
 * asked for and again when the catalog's generation changes.
 */
@NullMarked
package dev.kapell.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
