package dev.kapell.apiserver.admission;

import dev.kapell.base.Randomness;
import java.util.List;

/** The plugins that are always on, in their order. */
public final class Plugins {
  private Plugins() {}

  /** All of them, as one. */
  public static Admission builtIn(Randomness randomness, AdmissionMeter meter) {
    return Admission.all(
        List.of(
            meter.mutating("NamespaceLifecycle", new NamespaceLifecycle()),
            meter.both("LimitRanger", "LimitRanger", new LimitRanger()),
            meter.both("ServiceAccount", "ServiceAccount", new ServiceAccounts(randomness)),
            meter.mutating("RuntimeClass", new RuntimeClasses()),
            meter.mutating("Priority", new Priorities()),
            meter.mutating("DefaultTolerationSeconds", new Tolerations()),
            meter.both(
                "CertificateSubjectRestriction",
                "CertificateSubjectRestriction",
                new CertificateRequesters()),
            meter.mutating("DefaultStorageClass", new DefaultStorageClass()),
            meter.mutating("DefaultIngressClass", new DefaultIngressClass())));
  }
}
