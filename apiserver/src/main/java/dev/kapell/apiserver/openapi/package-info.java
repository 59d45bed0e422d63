/**
 * The schema as OpenAPI, versions 2 and 3, for {@code kubectl explain}, validation and generators.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.openapi.OpenApi}. Built when first asked for and again
 * when the catalog's generation changes; the bytes are kept.
 */
@NullMarked
package dev.kapell.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
