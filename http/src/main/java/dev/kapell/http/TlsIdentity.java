package dev.kapell.http;

import java.util.Optional;

/**
 * Who one end of a TLS connection is and whom it believes. All texts are PEM.
 *
 * @param chainPem the certificate, then its issuers; empty for a client without a certificate
 * @param keyPem the private key, PKCS#8; empty for a client without a certificate
 * @param trustedPem the authorities whose certificates the other end may show; absent: none asked
 *     of a client, the machine's own for a server
 */
public record TlsIdentity(String chainPem, String keyPem, Optional<String> trustedPem) {
  /** Without the key. */
  @Override
  public String toString() {
    return "TlsIdentity[trusts others: " + trustedPem.isPresent() + "]";
  }
}
