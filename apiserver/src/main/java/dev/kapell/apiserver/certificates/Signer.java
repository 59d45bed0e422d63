package dev.kapell.apiserver.certificates;

import dev.kapell.apiserver.pki.CertificateRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The signers of Kubernetes that Kapell is, and what each of them signs. */
enum Signer {
  /** Clients of the API. */
  CLIENT("kubernetes.io/kube-apiserver-client") {
    @Override
    Optional<String> complaint(CertificateRequest request, Set<String> usages) {
      return usages(usages, "client auth");
    }
  },

  /** Nodes, as clients of the API. */
  KUBELET_CLIENT("kubernetes.io/kube-apiserver-client-kubelet") {
    @Override
    Optional<String> complaint(CertificateRequest request, Set<String> usages) {
      return node(request)
          .or(
              () ->
                  request.dnsNames().isEmpty()
                          && request.addresses().isEmpty()
                          && request.others() == 0
                      ? Optional.empty()
                      : Optional.of("subject alternative names are not allowed"))
          .or(() -> usages(usages, "client auth"));
    }
  },

  /** Nodes, as servers. */
  KUBELET_SERVING("kubernetes.io/kubelet-serving") {
    @Override
    Optional<String> complaint(CertificateRequest request, Set<String> usages) {
      return node(request)
          .or(
              () ->
                  request.dnsNames().isEmpty() && request.addresses().isEmpty()
                      ? Optional.of("DNS or IP subjectAltName is required")
                      : Optional.empty())
          .or(
              () ->
                  request.others() == 0
                      ? Optional.empty()
                      : Optional.of("email and URI subjectAltNames are not allowed"))
          .or(() -> usages(usages, "server auth"));
    }
  };

  static final String NODE = "system:node:";

  private final String word;

  Signer(String word) {
    this.word = word;
  }

  static Optional<Signer> of(String signerName) {
    return Arrays.stream(values()).filter(signer -> signer.word.equals(signerName)).findFirst();
  }

  /** Why {@code request} is not signed; empty when it is. */
  abstract Optional<String> complaint(CertificateRequest request, Set<String> usages);

  private static Optional<String> node(CertificateRequest request) {
    if (!request.organizations().equals(List.of("system:nodes"))) {
      return Optional.of("subject organization is not system:nodes");
    }
    return request.name().startsWith(NODE)
        ? Optional.empty()
        : Optional.of("subject common name does not begin with " + NODE);
  }

  private static Optional<String> usages(Set<String> usages, String purpose) {
    Set<String> allowed = Set.of("digital signature", "key encipherment", purpose);
    if (!usages.contains(purpose) || !allowed.containsAll(usages)) {
      return Optional.of(
          "usages did not match: they must contain \""
              + purpose
              + "\" and may contain \"digital signature\" and \"key encipherment\"");
    }
    return Optional.empty();
  }
}
