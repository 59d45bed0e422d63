package dev.kapell.apiserver.admission;

import dev.kapell.base.Randomness;
import java.util.List;

/** The plugins that are always on, in their order. */
public final class Plugins {
  private Plugins() {}

  /** All of them, as one. */
  public static Admission builtIn(Randomness randomness) {
    return Admission.all(
        List.of(
            new NamespaceLifecycle(),
            new LimitRanger(),
            new ServiceAccounts(randomness),
            new RuntimeClasses(),
            new Priorities(),
            new Tolerations(),
            new CertificateRequesters(),
            new DefaultStorageClass(),
            new DefaultIngressClass()));
  }
}
