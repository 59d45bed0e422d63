package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.Tolerations;
import dev.kapell.sim.story.Moment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** No pod is bound to a node with a taint that it does not tolerate, once that could be known. */
final class TaintsRespected implements Law {
  private static final Set<String> FORBIDDING = Set.of("NoSchedule", "NoExecute");

  private final Map<String, Duration> since = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment.after(Node.class).ifPresent(node -> remember(node, scene));
    if (!Bindings.isBinding(moment)) {
      return;
    }
    Pod pod = moment.after(Pod.class).orElseThrow();
    Optional<Node> node =
        scene.picture().find(Types.NODE, ObjectKey.cluster(pod.spec().nodeNameOr("")));
    if (node.isEmpty()) {
      scene.broken(this, "pod " + moment.key() + " is bound to a node that is not there");
      return;
    }
    for (Taint taint : node.get().spec().taints()) {
      Duration known = since.getOrDefault(name(node.get(), taint), scene.now());
      boolean couldBeKnown = known.plus(scene.slack()).compareTo(scene.now()) < 0;
      if (FORBIDDING.contains(taint.effectOr(""))
          && couldBeKnown
          && !Tolerations.tolerate(pod.spec().tolerations(), taint)) {
        scene.broken(
            this,
            "pod "
                + moment.key()
                + " is bound to "
                + node.get().metadata().name()
                + ", which has the taint "
                + taint.keyOr("")
                + ":"
                + taint.effectOr("")
                + " since "
                + known);
      }
    }
  }

  private void remember(Node node, Scene scene) {
    String prefix = node.metadata().nameOr("") + "/";
    Map<String, Duration> now = new HashMap<>();
    for (Taint taint : node.spec().taints()) {
      String name = name(node, taint);
      now.put(name, since.getOrDefault(name, scene.now()));
    }
    since.keySet().removeIf(name -> name.startsWith(prefix));
    since.putAll(now);
  }

  private static String name(Node node, Taint taint) {
    return node.metadata().nameOr("") + "/" + taint.keyOr("") + ":" + taint.effectOr("");
  }
}
