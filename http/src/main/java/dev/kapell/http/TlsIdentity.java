package dev.kapell.http;

import java.util.Optional;

/**
 * Who one end of a TLS connection is and whom it believes. All texts are PEM.
 *
 * @param chainPem the certificate, then its issuers; empty for a client without a certificate
 * @param keyPem the private key, PKCS#8; empty for a client without a certificate
 * @param trustedPem the authorities whose certificates the other end may show; absent: none asked
 *     of a client, the machine's own for a server
 * @param anyPeer whether a client takes whatever certificate the server shows
 */
public record TlsIdentity(
    String chainPem, String keyPem, Optional<String> trustedPem, boolean anyPeer) {
  /** A client without a certificate that encrypts but does not ask whom it talks to. */
  public static final TlsIdentity UNCHECKED = new TlsIdentity("", "", Optional.empty(), true);

  /** One that checks the other end. */
  public TlsIdentity(String chainPem, String keyPem, Optional<String> trustedPem) {
    this(chainPem, keyPem, trustedPem, false);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "TlsIdentity[trusts others: " + trustedPem.isPresent() + "]";
  }
}
