package dev.kapell.apiserver.admission;

import dev.kapell.base.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The plugins that are built in, in their order. */
public final class Plugins {
  private Plugins() {}

  /** Those that are always on and {@code also} these, as one. */
  public static Admission builtIn(
      Randomness randomness, AdmissionMeter meter, Set<OptIn> also, OptIn.Parts parts) {
    List<Admission> all =
        new ArrayList<>(
            List.of(
                meter.mutating("NamespaceLifecycle", new NamespaceLifecycle()),
                meter.both("LimitRanger", "LimitRanger", new LimitRanger()),
                meter.both("ServiceAccount", "ServiceAccount", new ServiceAccounts(randomness)),
                meter.mutating("TaintNodesByCondition", new NewNodeTaint()),
                meter.mutating("PodTopologyLabels", new PodTopology()),
                meter.mutating("RuntimeClass", new RuntimeClasses()),
                meter.both("Priority", "Priority", new Priorities()),
                meter.mutating("DefaultTolerationSeconds", new Tolerations()),
                meter.both(
                    "CertificateSubjectRestriction",
                    "CertificateSubjectRestriction",
                    new CertificateRequesters()),
                meter.mutating("DefaultStorageClass", new DefaultStorageClass()),
                meter.mutating("StorageObjectInUseProtection", new StorageInUse()),
                meter.validating("PersistentVolumeClaimResize", new ClaimResizes()),
                meter.mutating("DefaultIngressClass", new DefaultIngressClass())));
    also.forEach(plugin -> all.add(meter.validating(plugin.word(), plugin.plugin(parts))));
    return Admission.all(all);
  }
}
