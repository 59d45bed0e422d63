/**
 * Kapell and a real kube-apiserver, asked the same things side by side.
 *
 * <p>Entry type: {@link dev.kapell.blackbox.peer.PeerTest}. Each test is one thread's.
 */
@NullMarked
package dev.kapell.blackbox.peer;

import org.jspecify.annotations.NullMarked;
