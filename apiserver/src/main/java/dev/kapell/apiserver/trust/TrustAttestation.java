package dev.kapell.apiserver.trust;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.admission.Rights;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;

/**
 * Who writes a trust bundle of a signer needs the right to {@code attest} for that signer, by name
 * or as {@code DOMAIN/*}, besides the one to write bundles.
 */
public final class TrustAttestation implements Admission {
  private static final String GROUP = "certificates.k8s.io";
  private static final String KIND = "clustertrustbundles." + GROUP;

  private static final String ALL_POWERFUL = "system:masters";

  private final Rights rights;

  /** Asks {@code rights}. */
  public TrustAttestation(Rights rights) {
    this.rights = rights;
  }

  @Override
  public void validate(Attempt attempt, Obj bundle) {
    if (!attempt.creates(KIND) && !attempt.updates(KIND)) {
      return;
    }
    String signer = bundle.child("spec").text("signerName");
    boolean same =
        attempt
            .old()
            .filter(old -> old.child("spec").map().equals(bundle.child("spec").map()))
            .isPresent();
    User user = attempt.request().user();
    if (signer.isEmpty() || same || user.groups().contains(ALL_POWERFUL)) {
      return;
    }
    String domain = signer.substring(0, Math.max(0, signer.indexOf('/'))) + "/*";
    if (!may(user, signer) && !may(user, domain)) {
      throw Failures.forbidden(
          attempt.resource(),
          bundle.child("metadata").text("name"),
          "user not permitted to attest for signerName \"" + signer + "\"");
    }
  }

  private boolean may(User user, String signer) {
    return rights
        .decide(user, Action.on("attest", new Target(GROUP, "v1", "signers", "", signer, "")))
        .allowed();
  }
}
