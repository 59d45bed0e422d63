package dev.kapell.apiserver.pki;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The file that tells a client where the cluster is and who it is. */
final class Kubeconfig {
  private Kubeconfig() {}

  static String text(String server, String caPem, String user, Issued identity) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: kapell
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: kapell
          context:
            cluster: kapell
            user: %s
        current-context: kapell
        """
        .formatted(
            server,
            base64(caPem),
            user,
            base64(identity.certificatePem()),
            base64(Pem.sec1(identity.keyPem(), identity.certificatePem())),
            user);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
