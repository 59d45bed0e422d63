package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets no Service take external addresses that it has not had already: who may write Services could
 * catch the traffic of others with them (CVE-2020-8554).
 */
final class DenyServiceExternalIps implements Admission {
  private static final String FIELD = "externalIPs";

  @Override
  public void validate(Attempt attempt, Obj service) {
    if (!attempt.creates("services") && !attempt.updates("services")) {
      return;
    }
    Set<String> had =
        new HashSet<>(attempt.old().map(old -> old.child("spec").texts(FIELD)).orElse(List.of()));
    if (!had.containsAll(service.child("spec").texts(FIELD))) {
      throw Failures.forbidden(
          attempt.resource(),
          service.child("metadata").text("name"),
          "Use of external IPs is denied by admission control.");
    }
  }
}
