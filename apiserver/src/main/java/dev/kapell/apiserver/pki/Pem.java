package dev.kapell.apiserver.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** The text form of keys and certificates (RFC 7468). */
final class Pem {
  private static final int KEY_BITS = 256;

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  static String certificate(X509Certificate certificate) throws GeneralSecurityException {
    return text("CERTIFICATE", certificate.getEncoded());
  }

  static String key(PrivateKey key) {
    return text("PRIVATE KEY", key.getEncoded());
  }

  /**
   * The key as SEC 1 (RFC 5915) writes it, {@code EC PRIVATE KEY}: some clients take any other key
   * for one of RSA, and some want its public half in it, which {@code certificatePem} knows.
   */
  static String sec1(String pem, String certificatePem) {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(der(pem));
    try {
      ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
      SubjectPublicKeyInfo half =
          SubjectPublicKeyInfo.getInstance(certificate(certificatePem).getPublicKey().getEncoded());
      ASN1BitString open = half.getPublicKeyData();
      ECPrivateKey whole =
          new ECPrivateKey(
              KEY_BITS, bare.getKey(), open, info.getPrivateKeyAlgorithm().getParameters());
      return text("EC PRIVATE KEY", whole.getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("this is no private key on P-256 with its certificate", e);
    }
  }

  private static String text(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static X509Certificate certificate(String pem) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes));
  }

  static String publicKey(PublicKey key) {
    return text("PUBLIC KEY", key.getEncoded());
  }

  static PrivateKey key(String pem) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der(pem)));
  }

  static PublicKey publicKey(String pem) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der(pem)));
  }

  private static byte[] der(String pem) {
    return Base64.getDecoder()
        .decode(pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", ""));
  }
}
