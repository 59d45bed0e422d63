package dev.kapell.apiserver.nodeaccess;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which labels a node may give itself: none by which others would be led to trust it. */
final class NodeLabels {
  private static final Set<String> KNOWN =
      Set.of(
          "kubernetes.io/hostname",
          "kubernetes.io/arch",
          "kubernetes.io/os",
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/instance-type",
          "node.kubernetes.io/instance-type",
          "node.kubernetes.io/windows-build",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.kubernetes.io/region",
          "failure-domain.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");

  private NodeLabels() {}

  /** The labels that differ between the two and that a node may not touch. */
  static Set<String> forbidden(Map<String, String> now, Map<String, String> before) {
    Set<String> touched = new TreeSet<>(now.keySet());
    touched.addAll(before.keySet());
    touched.removeIf(
        label -> java.util.Objects.equals(now.get(label), before.get(label)) || isOwn(label));
    return touched;
  }

  private static boolean isOwn(String label) {
    int slash = label.indexOf('/');
    String domain = slash < 0 ? "" : label.substring(0, slash);
    if (isIn(domain, "node-restriction.kubernetes.io")) {
      return false;
    }
    return !(isIn(domain, "kubernetes.io") || isIn(domain, "k8s.io"))
        || KNOWN.contains(label)
        || isIn(domain, "kubelet.kubernetes.io")
        || isIn(domain, "node.kubernetes.io");
  }

  private static boolean isIn(String domain, String parent) {
    return domain.equals(parent) || domain.endsWith("." + parent);
  }
}
