package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;

/**
 * A node takes no pods before it has said that it is ready: it is born with a taint, which the
 * controller of node health takes away. Follows the admission plugin {@code TaintNodesByCondition}
 * of Kubernetes.
 */
final class NewNodeTaint implements Admission {
  private static final String KEY = "node.kubernetes.io/not-ready";
  private static final String EFFECT = "NoSchedule";

  @Override
  public void admit(Attempt attempt, Obj node) {
    if (!attempt.creates("nodes")) {
      return;
    }
    Obj spec = node.make("spec");
    boolean tainted =
        spec.items("taints").stream()
            .anyMatch(
                taint -> taint.text("key").equals(KEY) && taint.text("effect").equals(EFFECT));
    if (!tainted) {
      spec.list("taints").add(Obj.tree("effect", EFFECT, "key", KEY));
    }
  }
}
