package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.PodRequests;
import dev.kapell.sim.story.Moment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** No pod is bound to a node whose pods would then ask for more than it has. */
final class NodeNotOverfull implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    if (!Bindings.isBinding(moment)) {
      return;
    }
    String name = moment.after(Pod.class).orElseThrow().spec().nodeNameOr("");
    Optional<Node> node = scene.picture().find(Types.NODE, ObjectKey.cluster(name));
    if (node.isEmpty()) {
      return;
    }
    List<Pod> pods =
        scene.picture().all(Types.POD).stream()
            .filter(pod -> pod.spec().nodeNameOr("").equals(name) && !Facts.isFinished(pod))
            .toList();
    Map<String, Quantity> asked = new HashMap<>();
    pods.forEach(
        pod ->
            PodRequests.requests(pod.spec()).forEach((r, q) -> asked.merge(r, q, Quantity::plus)));
    asked.put("pods", Quantity.of(pods.size()));
    for (String resource : List.of("cpu", "memory", "pods")) {
      Quantity has = node.get().status().allocatable().getOrDefault(resource, Quantity.ZERO);
      Quantity wants = asked.getOrDefault(resource, Quantity.ZERO);
      if (wants.compareTo(has) > 0) {
        scene.broken(
            this, "node " + name + " has " + has + " " + resource + ", its pods ask for " + wants);
      }
    }
  }
}
