package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;

/** An ingress that names no class gets the default one, if there is one. */
final class DefaultIngressClass implements Admission {
  private static final String MARK = "ingressclass.kubernetes.io/is-default-class";

  @Override
  public void admit(Attempt attempt, Obj ingress) {
    if (!attempt.creates("ingresses.networking.k8s.io")
        || ingress.child("spec").has("ingressClassName")
        || ingress
            .child("metadata")
            .strings("annotations")
            .containsKey("kubernetes.io/ingress.class")) {
      return;
    }
    Defaulted.among(attempt.lookup(), "networking.k8s.io/ingressclasses", MARK)
        .ifPresent(name -> ingress.make("spec").put("ingressClassName", name));
  }
}
