package dev.kapell.apiserver.certificates;

import dev.kapell.api.Bytes;
import dev.kapell.api.certificates.v1.CertificateSigningRequest;
import dev.kapell.api.certificates.v1.CertificateSigningRequestCondition;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far a certificate request is, and when it has been there long enough. Pure. */
record RequestState(CertificateSigningRequest request) {
  private static final Duration DECIDED = Duration.ofHours(1);
  private static final Duration PENDING = Duration.ofHours(24);

  boolean is(String type) {
    return condition(type).isPresent();
  }

  boolean isIssued() {
    Bytes certificate = request.status().certificate();
    return certificate != null && certificate.size() > 0;
  }

  boolean awaitsApproval() {
    return !is("Approved") && !is("Denied") && !is("Failed") && !isIssued();
  }

  boolean awaitsSignature() {
    return is("Approved") && !is("Denied") && !is("Failed") && !isIssued();
  }

  private Optional<CertificateSigningRequestCondition> condition(String type) {
    return request.status().conditions().stream()
        .filter(each -> each.typeOr("").equals(type))
        .findFirst();
  }

  /** Whether nobody needs it any more. */
  boolean isOver(Instant now) {
    if (isIssued() && expired(now)) {
      return true;
    }
    for (String decision : new String[] {"Denied", "Failed", "Approved"}) {
      Optional<Instant> since =
          condition(decision)
              .map(
                  each ->
                      each.lastUpdateTime() == null
                          ? Instant.MAX.minus(PENDING)
                          : each.lastUpdateTime());
      if (since.isPresent()) {
        return now.isAfter(since.get().plus(DECIDED));
      }
    }
    Instant made = request.metadata().creationTimestamp();
    return made != null && now.isAfter(made.plus(PENDING));
  }

  private boolean expired(Instant now) {
    Bytes pem = request.status().certificate();
    if (pem == null) {
      return false;
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem.toArray()));
      return now.isAfter(certificate.getNotAfter().toInstant());
    } catch (CertificateException unreadable) {
      return false; // made by another signer, in its own form
    }
  }
}
