/**
 * The cluster's own certificate authority and keys, as PEM files that only their owner reads.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.pki.ClusterPki}. Loaded once at start; while it runs,
 * {@link dev.kapell.apiserver.pki.CertificateRenewal} renews what comes to its end.
 */
@NullMarked
package dev.kapell.apiserver.pki;

import org.jspecify.annotations.NullMarked;
