package dev.kapell.sim.law;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Writer;
import dev.kapell.store.Event;
import java.util.Optional;

/**
 * Those whom laws tell apart by name do what they are known for, and nobody else does: a thread
 * with another name would make the laws blind.
 */
final class WritersKnown implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    Optional<Pod> pod = moment.after(Pod.class);
    boolean created = moment.kind() == Event.Kind.CREATED;
    if (Bindings.isBinding(moment)) {
      expect(Writer.SCHEDULER, "binds pod", moment, scene);
    } else if (created && pod.map(WritersKnown::isReplica).orElse(false)) {
      expect(Writer.REPLICA_SETS, "makes pod", moment, scene);
    } else if (created && moment.after(Node.class).isPresent()) {
      expect(Writer.NODES, "registers node", moment, scene);
    } else if (isScaled(moment) && moment.isByControlPlane()) {
      expect(Writer.AUTOSCALERS, "scales deployment", moment, scene);
    }
  }

  private void expect(Writer writer, String does, Moment moment, Scene scene) {
    if (!moment.isBy(writer)) {
      scene.broken(
          this, moment.who() + " " + does + " " + moment.key() + ", which is known of " + writer);
    }
  }

  private static boolean isReplica(Pod pod) {
    return pod.metadata().ownerReferences().stream()
        .anyMatch(owner -> owner.controllerOr(false) && owner.kindOr("").equals("ReplicaSet"));
  }

  private static boolean isScaled(Moment moment) {
    Optional<Deployment> before = moment.before(Deployment.class);
    Optional<Deployment> after = moment.after(Deployment.class);
    return before.isPresent()
        && after.isPresent()
        && !before.get().spec().replicasOr(1).equals(after.get().spec().replicasOr(1));
  }
}
