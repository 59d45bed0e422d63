package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes into a certificate request who made it: nobody can claim to be somebody else. */
final class CertificateRequesters implements Admission {
  @Override
  public void admit(Attempt attempt, Obj request) {
    if (!attempt.creates("certificatesigningrequests.certificates.k8s.io")) {
      return;
    }
    User user = attempt.request().user();
    Obj spec = request.make("spec");
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
}
