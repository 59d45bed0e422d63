package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.sim.story.Moment;
import java.util.Optional;

/** A pod is bound only when each of its claims has a volume that can be reached from its node. */
final class VolumeInReach implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    if (!Bindings.isBinding(moment)) {
      return;
    }
    Pod pod = moment.after(Pod.class).orElseThrow();
    Optional<Node> node =
        scene.picture().find(Types.NODE, ObjectKey.cluster(pod.spec().nodeNameOr("")));
    pod.spec().volumes().stream()
        .flatMap(volume -> Optional.ofNullable(volume.persistentVolumeClaim()).stream())
        .map(source -> new ObjectKey(pod.metadata().namespaceOr(""), source.claimNameOr("")))
        .forEach(key -> node.ifPresent(n -> check(moment, key, n, scene)));
  }

  private void check(Moment moment, ObjectKey key, Node node, Scene scene) {
    Optional<PersistentVolumeClaim> claim =
        scene.picture().find(Types.PERSISTENT_VOLUME_CLAIM, key);
    if (claim.isEmpty()) {
      return; // it went meanwhile, which who binds need not know yet
    }
    String name = claim.get().spec().volumeNameOr("");
    Optional<PersistentVolume> volume =
        scene.picture().find(Types.PERSISTENT_VOLUME, ObjectKey.cluster(name));
    if (volume.isEmpty() || !isReachable(volume.get(), node)) {
      scene.broken(
          this,
          "pod "
              + moment.key()
              + " is bound to "
              + node.metadata().name()
              + ", from where volume '"
              + name
              + "' of claim "
              + key.name()
              + " cannot be reached");
    }
  }

  private static boolean isReachable(PersistentVolume volume, Node node) {
    var affinity = volume.spec().nodeAffinity();
    var required = affinity == null ? null : affinity.required();
    return required == null || NodeSelection.matches(required, node);
  }
}
