package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/**
 * A pod that gets a node is labelled with where that is: its zone and region. Follows the admission
 * plugin {@code PodTopologyLabels} of Kubernetes: through a binding the node's labels win, a pod
 * that is made with a node keeps its own.
 */
final class PodTopology implements Admission {
  private static final List<String> LABELS =
      List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

  @Override
  public void admit(Attempt attempt, Obj object) {
    if (!attempt.create() || !attempt.resource().qualifiedName().equals("pods")) {
      return;
    }
    String node =
        switch (attempt.subresource()) {
          case "" -> object.child("spec").text("nodeName");
          case "binding" -> object.child("target").text("name");
          default -> "";
        };
    if (!node.isEmpty()) {
      attempt
          .lookup()
          .part("nodes", node, "metadata", "labels")
          .ifPresent(labels -> label(object, labels));
    }
  }

  private static void label(Obj object, Obj labels) {
    for (String name : LABELS) {
      if (labels.has(name)) {
        object.make("metadata").make("labels").fill(name, labels.text(name));
      }
    }
  }
}
