/**
 * The API over HTTPS: kubeconfig, TLS from PEM, requests and streams.
 *
 * <p>Entry type: {@link dev.kapell.client.http.Connection}; on it stands the HTTP implementation of
 * {@link dev.kapell.client.Client}. All of it may be used by any thread.
 */
@NullMarked
package dev.kapell.client.http;

import org.jspecify.annotations.NullMarked;
