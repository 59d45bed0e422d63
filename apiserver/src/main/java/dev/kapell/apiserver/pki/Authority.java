package dev.kapell.apiserver.pki;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** Signs certificates on the curve P-256. Immutable. */
final class Authority {
  private static final Duration ROOT_LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(365);

  /** Clocks of other machines may be behind. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final Clock clock;
  private final Randomness randomness;
  private final X509Certificate certificate;
  private final PrivateKey key;

  Authority(Clock clock, Randomness randomness, X509Certificate certificate, PrivateKey key) {
    this.clock = clock;
    this.randomness = randomness;
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * Who a certificate is for.
   *
   * @param name the common name: the user
   * @param groups organizations: the groups
   * @param alternatives names and addresses of a server; none for a client
   * @param client whether it may be shown as a client
   */
  record Subject(String name, List<String> groups, List<String> alternatives, boolean client) {
    Subject {
      groups = List.copyOf(groups);
      alternatives = List.copyOf(alternatives);
    }
  }

  static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static Issued newRoot(Clock clock, Randomness randomness, String name)
      throws GeneralSecurityException, IOException {
    return root(clock, randomness, name, newKey());
  }

  /** The certificate of an authority that signs with {@code pair}. */
  static Issued root(Clock clock, Randomness randomness, String name, KeyPair pair)
      throws GeneralSecurityException, IOException {
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    X509v3CertificateBuilder builder =
        builder(clock, randomness, subject, subject, pair, ROOT_LIFE)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
            .addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature))
            .addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    return new Issued(
        Pem.certificate(sign(builder, pair.getPrivate())), Pem.key(pair.getPrivate()));
  }

  Issued issue(Subject subject) throws GeneralSecurityException, IOException {
    KeyPair pair = newKey();
    X500NameBuilder name = new X500NameBuilder();
    for (String group : subject.groups()) {
      name.addRDN(BCStyle.O, group);
    }
    name.addRDN(BCStyle.CN, subject.name());
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder =
        builder(clock, randomness, issuer, name.build(), pair, LEAF_LIFE)
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(Extension.extendedKeyUsage, false, purposes(subject))
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
    if (!subject.alternatives().isEmpty()) {
      builder.addExtension(Extension.subjectAlternativeName, false, alternatives(subject));
    }
    return new Issued(Pem.certificate(sign(builder, key)), Pem.key(pair.getPrivate()));
  }

  /** A certificate for somebody else's key, PEM; never good for longer than this authority. */
  String sign(SigningOrder order) throws GeneralSecurityException, IOException {
    PKCS10CertificationRequest request = CertificateRequest.der(order.requestPem());
    Instant now = clock.now();
    Instant end = now.plus(order.life());
    Instant last = certificate.getNotAfter().toInstant();
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                new BigInteger(1, randomness.fill(new byte[16])),
                Date.from(now.minus(BACKDATED)),
                Date.from(end.isBefore(last) ? end : last),
                request.getSubject(),
                request.getSubjectPublicKeyInfo())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
    // An extension that says nothing makes a certificate invalid.
    if (Usages.bits(order.usages()) != 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(Usages.bits(order.usages())));
    }
    if (Usages.purposes(order.usages()).size() > 0) {
      builder.addExtension(Extension.extendedKeyUsage, false, Usages.purposes(order.usages()));
    }
    List<GeneralName> names = CertificateRequest.alternatives(request);
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
    }
    return Pem.certificate(sign(builder, key));
  }

  private static X509v3CertificateBuilder builder(
      Clock clock,
      Randomness randomness,
      X500Name issuer,
      X500Name subject,
      KeyPair pair,
      Duration life) {
    Instant now = clock.now();
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(1, randomness.fill(new byte[16])),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(life)),
        subject,
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign a certificate", e);
    }
  }

  private static ExtendedKeyUsage purposes(Subject subject) {
    List<KeyPurposeId> purposes = new ArrayList<>();
    if (!subject.alternatives().isEmpty()) {
      purposes.add(KeyPurposeId.id_kp_serverAuth);
    }
    if (subject.client()) {
      purposes.add(KeyPurposeId.id_kp_clientAuth);
    }
    return new ExtendedKeyUsage(purposes.toArray(new KeyPurposeId[0]));
  }

  private static GeneralNames alternatives(Subject subject) {
    List<ASN1Encodable> names = new ArrayList<>();
    for (String name : subject.alternatives()) {
      names.add(
          new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name));
    }
    return new GeneralNames(names.toArray(new GeneralName[0]));
  }

  private static boolean isAddress(String name) {
    return name.contains(":") || name.matches("[0-9.]+");
  }
}
