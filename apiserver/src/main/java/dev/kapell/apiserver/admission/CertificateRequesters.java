package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.pki.CertificateRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes into a certificate request who made it, so that nobody can claim to be somebody else;
 * refuses requests that cannot be read, or that ask to be all-powerful; and keeps approvals out of
 * the status, which has a door of its own for them.
 */
final class CertificateRequesters implements Admission {
  private static final String KIND = "certificatesigningrequests.certificates.k8s.io";
  private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
  private static final long SHORTEST_SECONDS = 600;
  private static final Set<String> APPROVALS = Set.of("Approved", "Denied");

  @Override
  public void admit(Attempt attempt, Obj request) {
    if (attempt.creates(KIND)) {
      sign(attempt.request().user(), request.make("spec"));
    } else if (attempt.resource().qualifiedName().equals(KIND)
        && attempt.operation() == Operation.UPDATE
        && attempt.subresource().equals("status")) {
      keepApprovals(request.make("status"), attempt.old().orElse(request).child("status"));
    }
  }

  private static void sign(User user, Obj spec) {
    spec.put("username", user.name()).put("groups", new ArrayList<Object>(user.groups()));
    spec.drop("uid").drop("extra");
    if (!user.uid().isEmpty()) {
      spec.put("uid", user.uid());
    }
    if (!user.extra().isEmpty()) {
      Map<String, Object> extra = new LinkedHashMap<>();
      user.extra().forEach((key, values) -> extra.put(key, new ArrayList<Object>(values)));
      spec.put("extra", extra);
    }
  }

  private static void keepApprovals(Obj status, Obj old) {
    List<Object> conditions = new ArrayList<>();
    old.items("conditions").stream()
        .filter(each -> APPROVALS.contains(each.text("type")))
        .forEach(each -> conditions.add(each.map()));
    status.items("conditions").stream()
        .filter(each -> !APPROVALS.contains(each.text("type")))
        .forEach(each -> conditions.add(each.map()));
    if (!conditions.isEmpty() || status.has("conditions")) {
      status.put("conditions", conditions);
    }
  }

  @Override
  public void validate(Attempt attempt, Obj request) {
    if (!attempt.creates(KIND)) {
      return;
    }
    Obj spec = request.child("spec");
    String name = request.child("metadata").text("name");
    CertificateRequest wanted;
    try {
      byte[] pem = Base64.getDecoder().decode(spec.text("request"));
      wanted = CertificateRequest.parse(new String(pem, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw Failures.invalid(
          attempt.resource(),
          name,
          List.of(
              FieldError.invalid(
                  "spec.request", spec.text("request"), String.valueOf(e.getMessage()))));
    }
    if (spec.has("expirationSeconds") && spec.number("expirationSeconds", 0) < SHORTEST_SECONDS) {
      throw Failures.invalid(
          attempt.resource(),
          name,
          List.of(
              FieldError.invalid(
                  "spec.expirationSeconds",
                  spec.number("expirationSeconds", 0),
                  "may not specify a duration less than 600 seconds (10 minutes)")));
    }
    if (spec.text("signerName").equals(CLIENT)
        && wanted.organizations().contains("system:masters")) {
      throw Failures.forbidden(
          attempt.resource(),
          name,
          "use of " + CLIENT + " signer with system:masters group is not allowed");
    }
  }
}
