/**
 * An HTTP server and relay on Netty: TLS, HTTP/1.1 and HTTP/2, streams, upgrades. Knows no Kubernetes.
 *
 * <p>Handlers run in blocking style on virtual threads; long streams are pushed from the event loop.
 */
@NullMarked
package dev.kapell.http;

import org.jspecify.annotations.NullMarked;
