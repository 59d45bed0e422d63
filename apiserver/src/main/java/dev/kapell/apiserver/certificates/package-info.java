/**
 * Certificates for others: requests are approved where that is safe, signed by the cluster's
 * authority, and cleared away.
 *
 * <p>Entry type: {@link dev.kapell.apiserver.certificates.CertificateSigner}, whose one following
 * thread writes; {@link dev.kapell.apiserver.certificates.Signer} holds the rules and is pure.
 */
@NullMarked
package dev.kapell.apiserver.certificates;

import org.jspecify.annotations.NullMarked;
