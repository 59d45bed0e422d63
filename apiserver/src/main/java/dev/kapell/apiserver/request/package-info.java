/**
 * The door of the API server: one {@link dev.kapell.apiserver.request.ApiRequest} in, one {@link
 * dev.kapell.apiserver.request.Answer} out, refusals as {@link dev.kapell.client.ApiFailure}.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.request.Pipeline}. Everything here is an immutable
 * value, but for {@link dev.kapell.apiserver.request.WatchStream}, which one thread polls.
 */
@NullMarked
package dev.kapell.apiserver.request;

import org.jspecify.annotations.NullMarked;
