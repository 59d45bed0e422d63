package dev.kapell.sim.node;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Outcome;
import dev.kapell.control.loop.Reconciler;
import dev.kapell.control.storage.LocalStorage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Lets local volumes go that are to go, as a node does once their folder is removed. */
final class VolumeLoop implements Reconciler<String> {
  private static final String PROTECTION = "kubernetes.io/pv-protection";
  private static final Duration UNTIL_IT_ANSWERS = Duration.ofSeconds(5);

  private final Client client;
  private final Cache<PersistentVolume> volumes;
  private final Cache<Node> nodes;
  private final Machines machines;

  VolumeLoop(Client client, Cache<PersistentVolume> volumes, Cache<Node> nodes, Machines machines) {
    this.client = client;
    this.volumes = volumes;
    this.nodes = nodes;
    this.machines = machines;
  }

  /** Whether a node has something to do before the volume may go. */
  static boolean isWaiting(PersistentVolume volume) {
    return volume.metadata().deletionTimestamp() != null
        && LocalStorage.isPending(volume)
        && !volume.metadata().finalizers().contains(PROTECTION);
  }

  @Override
  public Outcome reconcile(String name) {
    Optional<PersistentVolume> found =
        volumes.find(ObjectKey.cluster(name)).filter(VolumeLoop::isWaiting);
    if (found.isEmpty()) {
      return Outcome.done();
    }
    PersistentVolume volume = found.get();
    Optional<Machine> machine =
        nodes.all().stream()
            .filter(node -> LocalStorage.isOn(volume, node))
            .findFirst()
            .flatMap(node -> machines.find(node.metadata().nameOr("")));
    if (machine.isEmpty()) {
      return Outcome.done();
    }
    if (!machine.get().answers()) {
      return Outcome.again(UNTIL_IT_ANSWERS);
    }
    List<String> others =
        volume.metadata().finalizers().stream()
            .filter(each -> !each.equals(LocalStorage.FINALIZER))
            .toList();
    client.update(
        Types.PERSISTENT_VOLUME, volume.withMetadata(volume.metadata().withFinalizers(others)));
    return Outcome.done();
  }
}
