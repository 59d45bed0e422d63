package dev.kapell.apiserver.pki;

import dev.kapell.http.TlsIdentity;
import java.util.Optional;

/**
 * A certificate with its key, as PEM.
 *
 * @param certificatePem the certificate
 * @param keyPem its private key, PKCS#8
 */
public record Issued(String certificatePem, String keyPem) {
  /** As one end of a TLS connection that believes in {@code trustedPem}. */
  public TlsIdentity trusting(String trustedPem) {
    return new TlsIdentity(certificatePem, keyPem, Optional.of(trustedPem));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Issued[" + certificatePem.length() + " characters of certificate]";
  }
}
