package dev.kapell.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.Optional;

/** A certificate authority that lives as long as one test. */
final class TestAuthority {
  private final X509Bundle root;

  TestAuthority() throws Exception {
    root =
        new CertificateBuilder()
            .subject("CN=test authority")
            .algorithm(CertificateBuilder.Algorithm.ecp256)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
  }

  String rootPem() {
    return root.getCertificatePEM();
  }

  /** A certificate for {@code subject} that is good for localhost, with this authority trusted. */
  TlsIdentity issue(String subject) throws Exception {
    X509Bundle leaf =
        new CertificateBuilder()
            .subject(subject)
            .algorithm(CertificateBuilder.Algorithm.ecp256)
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(root);
    return new TlsIdentity(
        leaf.getCertificatePEM(), leaf.getPrivateKeyPEM(), Optional.of(rootPem()));
  }
}
