package dev.kapell.node.volume;

import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.host.file.HeldPath;
import dev.kapell.host.mount.MountFailure;
import dev.kapell.host.mount.Mounts;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.PodFacts;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Parts of volumes. Containers write to volumes while others of their pod start, so the path of a
 * part is never handed on: the part is opened, checked, and shown at a place that only the node
 * writes to, {@code volume-subpaths/CONTAINER/INDEX} of the pod's folder. It goes with the volumes.
 */
final class SubPaths {
  private final Mounts mounts;

  SubPaths(Mounts mounts) {
    this.mounts = mounts;
  }

  /**
   * One part.
   *
   * @param container whose mount it is
   * @param index of the mount within the container
   * @param root the volume's folder
   * @param sub relative to it
   * @param create whether what is missing is made
   */
  record Part(String container, int index, Path root, String sub, boolean create) {}

  /**
   * Shows a part of a volume at a path of the node's own, from which no link leads out; an earlier
   * one of the same container is replaced.
   */
  Path show(PodFacts pod, VolumeMount mount, Part part) throws IOException {
    Path target =
        pod.directory()
            .resolve("volume-subpaths")
            .resolve(part.container())
            .resolve(String.valueOf(part.index()));
    boolean bothWays = mount.mountPropagationOr("").equals("Bidirectional");
    try (HeldPath held = held(pod, part)) {
      mounts.unmountTree(target);
      Files.deleteIfExists(target);
      Files.createDirectories(target.getParent());
      if (held.isDirectory()) {
        Files.createDirectory(target);
      } else {
        Files.createFile(target);
      }
      mounts.bindTree(held.path(), target, bothWays);
    } catch (MountFailure e) {
      throw new ConfigFailure("subPath " + part.sub() + " cannot be mounted: " + e.getMessage());
    }
    return target;
  }

  private static HeldPath held(PodFacts pod, Part part) throws IOException {
    Path sub = Path.of(part.sub()).normalize();
    if (part.sub().startsWith("/") || sub.startsWith("..")) {
      throw new ConfigFailure("subPath " + part.sub() + " leads out of its volume");
    }
    try {
      return part.create()
          ? HeldPath.belowMaking(part.root(), sub, maker(pod, part.root()))
          : HeldPath.below(part.root(), sub);
    } catch (NoSuchFileException e) {
      throw new ConfigFailure("subPath " + part.sub() + " does not exist in its volume");
    } catch (FileSystemException e) {
      throw new ConfigFailure("subPath " + part.sub() + " cannot be used: it " + e.getReason());
    }
  }

  /** Missing folders get the mode and group that the volume's own have. */
  private static HeldPath.Maker maker(PodFacts pod, Path root) throws IOException {
    var context = pod.pod().spec().securityContext();
    Long group = context == null ? null : context.fsGroup();
    int mode = (int) Files.getAttribute(root, "unix:mode") & 07777;
    return folder -> Ownership.ofNew(folder, mode, group);
  }
}
