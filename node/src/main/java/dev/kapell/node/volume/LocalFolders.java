package dev.kapell.node.volume;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Outcome;
import dev.kapell.control.storage.LocalStorage;
import dev.kapell.host.file.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folders of local volumes on this node: made when a pod needs one, and removed, before the
 * volume may go, when it is to be deleted with its data. No state.
 */
public final class LocalFolders {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final String PROTECTION = "kubernetes.io/pv-protection";

  private final Client client;
  private final String nodeName;

  /** Of the node that {@code client} speaks for. */
  public LocalFolders(Client client, String nodeName) {
    this.client = client;
    this.nodeName = nodeName;
  }

  /** Makes the folder of a volume that the provisioner has made, for any user of containers. */
  static void prepare(PersistentVolume volume) throws IOException {
    Optional<Path> folder = LocalStorage.folder(volume);
    if (folder.isPresent() && !Files.exists(folder.get())) {
      Files.createDirectories(folder.get());
      Ownership.mode(folder.get(), 0777);
    }
  }

  /** Whether the agent of some node has something to do before {@code volume} may go. */
  public static boolean isWaiting(PersistentVolume volume) {
    return volume.metadata().deletionTimestamp() != null
        && LocalStorage.isPending(volume)
        && !volume.metadata().finalizers().contains(PROTECTION);
  }

  /** Removes the folder of a volume of this node that is to go, then lets the volume go. */
  public Outcome release(String name) throws IOException {
    Optional<PersistentVolume> found =
        client.find(Types.PERSISTENT_VOLUME, ObjectKey.cluster(name)).filter(this::isOurs);
    if (found.isEmpty()) {
      return Outcome.done();
    }
    PersistentVolume volume = found.get();
    Optional<Path> folder = LocalStorage.folder(volume);
    if (folder.isPresent() && volume.spec().persistentVolumeReclaimPolicyOr("").equals("Delete")) {
      DirectoryTree.delete(folder.get());
      LOG.log(System.Logger.Level.INFO, "folder removed object={0} path={1}", name, folder.get());
    }
    List<String> others =
        volume.metadata().finalizers().stream()
            .filter(each -> !each.equals(LocalStorage.FINALIZER))
            .toList();
    client.update(
        Types.PERSISTENT_VOLUME, volume.withMetadata(volume.metadata().withFinalizers(others)));
    return Outcome.done();
  }

  private boolean isOurs(PersistentVolume volume) {
    Optional<Node> node = client.find(Types.NODE, ObjectKey.cluster(nodeName));
    return isWaiting(volume) && node.isPresent() && LocalStorage.isOn(volume, node.get());
  }
}
