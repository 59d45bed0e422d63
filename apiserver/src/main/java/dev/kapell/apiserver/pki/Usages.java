package dev.kapell.apiserver.pki;

import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** What certificates are for: Kubernetes' words and X.509's. */
final class Usages {
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("signing", KeyUsage.digitalSignature),
          Map.entry("digital signature", KeyUsage.digitalSignature),
          Map.entry("content commitment", KeyUsage.nonRepudiation),
          Map.entry("key encipherment", KeyUsage.keyEncipherment),
          Map.entry("data encipherment", KeyUsage.dataEncipherment),
          Map.entry("key agreement", KeyUsage.keyAgreement),
          Map.entry("encipher only", KeyUsage.encipherOnly),
          Map.entry("decipher only", KeyUsage.decipherOnly));

  private static final Map<String, KeyPurposeId> PURPOSES =
      Map.of(
          "any", KeyPurposeId.anyExtendedKeyUsage,
          "server auth", KeyPurposeId.id_kp_serverAuth,
          "client auth", KeyPurposeId.id_kp_clientAuth,
          "code signing", KeyPurposeId.id_kp_codeSigning,
          "email protection", KeyPurposeId.id_kp_emailProtection,
          "s/mime", KeyPurposeId.id_kp_emailProtection,
          "timestamping", KeyPurposeId.id_kp_timeStamping,
          "ocsp signing", KeyPurposeId.id_kp_OCSPSigning);

  private Usages() {}

  /** The bits of the key usage; 0 for none. */
  static int bits(List<String> usages) {
    int bits = 0;
    for (String usage : usages) {
      bits |= BITS.getOrDefault(usage, 0);
    }
    return bits;
  }

  static ExtendedKeyUsage purposes(List<String> usages) {
    return new ExtendedKeyUsage(
        usages.stream()
            .filter(PURPOSES::containsKey)
            .map(PURPOSES::get)
            .distinct()
            .toArray(KeyPurposeId[]::new));
  }
}
