/**
 * Calls to servers that objects name: by a URL, or through a Service.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.remote.RemoteCalls}. A call lives on the thread of the
 * request that needs it; connections are kept by {@code http}.
 */
@NullMarked
package dev.kapell.apiserver.remote;

import org.jspecify.annotations.NullMarked;
