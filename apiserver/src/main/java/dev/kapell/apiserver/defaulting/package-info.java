/**
 * The values that the API server fills in where a client said nothing, kind by kind, as the API
 * reference states them.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.defaulting.Defaults}. Pure: works on the tree of one
 * request.
 */
@NullMarked
package dev.kapell.apiserver.defaulting;

import org.jspecify.annotations.NullMarked;
