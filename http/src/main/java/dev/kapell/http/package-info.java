/**
 * An HTTP server and relay on Netty: TLS, HTTP/1.1 and HTTP/2, streams, upgrades. Knows no
 * Kubernetes.
 *
 * <p>Entry types: {@link dev.kapell.http.HttpServer}, {@link dev.kapell.http.Exchange}, {@link
 * dev.kapell.http.Upstreams}. A {@link dev.kapell.http.Handler} runs in blocking style on a virtual
 * thread of its own; the state of a connection belongs to its event loop, and the two meet in
 * {@link dev.kapell.http.Inbox} (bytes in) and in the channel's bounded write buffer (bytes out).
 * Long streams are {@link dev.kapell.http.Pushed} from the event loop, so an idle one holds no
 * thread.
 */
@NullMarked
package dev.kapell.http;

import org.jspecify.annotations.NullMarked;
