package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.certificates.v1.CertificateSigningRequestStatus;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for certificates, from the question to the certificate. */
class CertificatesTest {
  private static final String PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

  @TempDir static Path keys;
  private static Served served;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
    client = served.server.client(User.SYSTEM, "test");
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String pem(String subject, String... dns) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic());
    if (dns.length > 0) {
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      extensions.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, dns[0])));
      builder.addAttribute(
          org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
          extensions.generate());
    }
    byte[] der =
        builder
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();
    return "-----BEGIN CERTIFICATE REQUEST-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE REQUEST-----\n";
  }

  private static HttpResponse<String> ask(String name, String signer, String usages, String pem)
      throws Exception {
    return ask(name, signer, usages, pem, "kubernetes-admin", "");
  }

  private static HttpResponse<String> ask(
      String name, String signer, String usages, String pem, String as) throws Exception {
    return ask(name, signer, usages, pem, as, "system:nodes");
  }

  private static HttpResponse<String> ask(
      String name, String signer, String usages, String pem, String as, String group)
      throws Exception {
    String base64 = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    String yaml =
        "{metadata: {name: %s}, spec: {signerName: kubernetes.io/%s, expirationSeconds: 3600, usages: [%s], request: %s}}"
            .formatted(name, signer, usages, base64);
    HttpRequest.Builder to =
        served
            .to(PATH)
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(yaml));
    if (!as.equals("kubernetes-admin")) {
      to.header("Impersonate-User", as).header("Impersonate-Group", group);
    }
    return served.send(to);
  }

  private static void approve(String name) throws Exception {
    HttpResponse<String> approved =
        served.send(
            served
                .to(PATH + "/" + name + "/approval")
                .header("Content-Type", "application/merge-patch+json")
                .method(
                    "PATCH",
                    HttpRequest.BodyPublishers.ofString(
                        "{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\",\"reason\":\"Test\"}]}}")));
    assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
  }

  private static CertificateSigningRequestStatus await(
      String name, Predicate<CertificateSigningRequestStatus> condition) {
    while (true) {
      CertificateSigningRequestStatus status =
          client.get(Types.CERTIFICATE_SIGNING_REQUEST, ObjectKey.cluster(name)).status();
      if (condition.test(status)) {
        return status;
      }
      Thread.onSpinWait();
    }
  }

  private static X509Certificate certificate(CertificateSigningRequestStatus status)
      throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(Objects.requireNonNull(status.certificate()).toArray()));
  }

  @Test
  void aNewcomerBecomesANodeThatIsNotThereYet() throws Exception {
    String signer = "kube-apiserver-client-kubelet";
    String usages = "client auth, digital signature";
    String newcomer = "system:bootstrap:abcdef";
    String group = "system:bootstrappers:kubeadm:default-node-token";
    served.post("/api/v1/nodes", "application/yaml", "{metadata: {name: taken}}");
    String taken = pem("O=system:nodes,CN=system:node:taken");
    assertThat(ask("taken", signer, usages, taken, newcomer, group).statusCode()).isEqualTo(201);
    String free = pem("O=system:nodes,CN=system:node:free");
    assertThat(ask("free", signer, usages, free, newcomer, group).statusCode()).isEqualTo(201);
    await("free", status -> status.certificate() != null);
    // They are looked at in their order.
    await("taken", status -> status.conditions().isEmpty());
    assertThat(ask("other", signer, usages, free, newcomer, "system:bootstrappers").statusCode())
        .isEqualTo(403);
  }

  @Test
  void anApprovedClientGetsACertificateForTheTimeItAskedFor() throws Exception {
    assertThat(
            ask("ann", "kube-apiserver-client", "client auth", pem("CN=ann,O=team")).statusCode())
        .isEqualTo(201);
    approve("ann");
    X509Certificate made = certificate(await("ann", status -> status.certificate() != null));
    assertThat(made.getSubjectX500Principal().getName()).contains("CN=ann");
    assertThat(made.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(made.getKeyUsage()).isNull(); // one without bits makes it invalid
    assertThat(Duration.between(made.getNotBefore().toInstant(), made.getNotAfter().toInstant()))
        .isEqualTo(Duration.ofMinutes(65));
  }

  @Test
  void aNodeThatAsksForItselfIsApprovedByItself() throws Exception {
    String subject = "CN=system:node:n7,O=system:nodes";
    ask(
        "n7",
        "kube-apiserver-client-kubelet",
        "client auth, digital signature",
        pem(subject),
        "system:node:n7");
    assertThat(await("n7", status -> status.certificate() != null).conditions().getFirst().reason())
        .isEqualTo("AutoApproved");
  }

  @Test
  void somebodyElseIsNotApprovedAsANode() throws Exception {
    String subject = "CN=system:node:n9,O=system:nodes";
    ask("n9", "kube-apiserver-client-kubelet", "client auth", pem(subject), "system:node:other");
    ask(
        "n8",
        "kube-apiserver-client-kubelet",
        "client auth",
        pem("CN=system:node:n8,O=system:nodes"),
        "system:node:n8");
    await("n8", status -> status.certificate() != null); // so n9 was looked at before
    assertThat(await("n9", status -> true).conditions()).isEmpty();
  }

  @Test
  void whatDoesNotFitItsSignerFails() throws Exception {
    ask("serving", "kubelet-serving", "server auth", pem("CN=system:node:n1,O=system:nodes"));
    approve("serving");
    var failed = await("serving", status -> status.conditions().size() == 2).conditions().get(1);
    assertThat(failed.type()).isEqualTo("Failed");
    assertThat(failed.reason()).isEqualTo("SignerValidationFailure");
    assertThat(failed.message()).isEqualTo("DNS or IP subjectAltName is required");
    ask(
        "serving2",
        "kubelet-serving",
        "server auth",
        pem("CN=system:node:n1,O=system:nodes", "n1.local"));
    approve("serving2");
    assertThat(
            certificate(await("serving2", s -> s.certificate() != null))
                .getSubjectAlternativeNames()
                .toString())
        .contains("n1.local");
  }

  @Test
  void badRequestsAreRefused() throws Exception {
    assertThat(ask("x", "kube-apiserver-client", "client auth", "nonsense").body())
        .contains("PEM block type must be CERTIFICATE REQUEST");
    assertThat(
            ask("x", "kube-apiserver-client", "client auth", pem("CN=x,O=system:masters")).body())
        .contains(
            "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not"
                + " allowed");
  }

  @Test
  void theStatusIsNoBackDoorToApproval() throws Exception {
    ask("door", "kube-apiserver-client", "client auth", pem("CN=door"));
    served.send(
        served
            .to(PATH + "/door/status")
            .header("Content-Type", "application/merge-patch+json")
            .method(
                "PATCH",
                HttpRequest.BodyPublishers.ofString(
                    "{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\"}]}}")));
    assertThat(await("door", status -> true).conditions()).isEmpty();
    HttpResponse<String> refused =
        served.send(
            served
                .to(PATH + "/door/approval")
                .header("Content-Type", "application/merge-patch+json")
                .header("Impersonate-User", "system:kube-controller-manager")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(refused.statusCode()).isEqualTo(403);
  }
}
