package dev.kapell.control.storage;

import dev.kapell.api.core.v1.LocalVolumeSource;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.VolumeNodeAffinity;
import dev.kapell.control.match.NodeSelection;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Volumes that are folders of one node.
 *
 * <pre>
 *   provisioner: volume with {@link #FINALIZER} ─▶ agent: makes the folder when a pod mounts it
 *   provisioner: deletes the volume ─▶ agent: removes the folder, then the finalizer ─▶ gone
 * </pre>
 */
public final class LocalStorage {
  /** The name of the provisioner, in classes and on volumes. */
  public static final String PROVISIONER = "kapell.dev/local-path";

  /** On a volume whose folder is still there. */
  public static final String FINALIZER = "kapell.dev/local-path";

  /** On a node: the folder in which its volumes are. */
  public static final String ROOT = "kapell.dev/local-volumes";

  /** The same where nobody says otherwise. */
  public static final String DEFAULT_ROOT = "/var/lib/kapell/volumes";

  private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  private LocalStorage() {}

  /** Whether {@link #PROVISIONER} has made it. */
  public static boolean isOurs(PersistentVolume volume) {
    return PROVISIONER.equals(volume.metadata().annotations().get(PROVISIONED_BY));
  }

  /** Whether its folder may still be there. */
  public static boolean isPending(PersistentVolume volume) {
    return volume.metadata().finalizers().contains(FINALIZER);
  }

  /** Whether the volume is on {@code node}. */
  public static boolean isOn(PersistentVolume volume, Node node) {
    VolumeNodeAffinity affinity = volume.spec().nodeAffinity();
    return affinity != null
        && affinity.required() != null
        && NodeSelection.matches(affinity.required(), node);
  }

  /** The name of a volume's folder. */
  public static String folderName(String volume, String namespace, String claim) {
    return volume + "_" + namespace + "_" + claim;
  }

  /**
   * The folder of a volume; empty when it is not one that {@link #PROVISIONER} would have chosen
   * and that may be removed with all that is in it.
   */
  public static Optional<Path> folder(PersistentVolume volume) {
    LocalVolumeSource local = volume.spec().local();
    if (!isOurs(volume) || local == null) {
      return Optional.empty();
    }
    Path path = Path.of(local.pathOr("/")).normalize();
    Path name = path.getFileName();
    boolean expected =
        path.isAbsolute()
            && name != null
            && name.toString().startsWith(volume.metadata().nameOr("?") + "_");
    return expected ? Optional.of(path) : Optional.empty();
  }
}
