/**
 * The API server without HTTP: registry, admission and custom resources put together.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.ApiCore}.
 */
@NullMarked
package dev.kapell.apiserver;

import org.jspecify.annotations.NullMarked;
