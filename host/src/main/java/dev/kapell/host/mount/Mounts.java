package dev.kapell.host.mount;

import java.nio.file.Path;
import java.util.List;

/** Mounts of this process's mount namespace. Every method throws {@link MountFailure}. */
public interface Mounts {

  /** The machine's own, through mount(2). */
  static Mounts ofThisMachine() {
    return new LinuxMounts();
  }

  /**
   * Mounts a new tmpfs on {@code directory}, which exists.
   *
   * @param sizeBytes 0: half of the memory, the kernel's default
   * @param mode permissions of its root, octal, for instance {@code 0777}
   */
  void tmpfs(Path directory, long sizeBytes, int mode);

  /** Shows {@code source} at {@code target} too; both exist and are of one type. */
  void bind(Path source, Path target, boolean readOnly);

  /**
   * Shows {@code source} at {@code target} too, with all that is mounted in it. What is mounted in
   * the source later is seen at the target.
   *
   * @param bothWays whether what is mounted in the target is seen in the source
   */
  void bindTree(Path source, Path target, boolean bothWays);

  /**
   * Unmounts {@code target} and what is mounted in it, lazily if it is busy, and not what is
   * mounted in that which it shows; does nothing when it is no mount point.
   */
  void unmount(Path target);

  /** From now on nothing that happens in {@code target} happens elsewhere. */
  void isolate(Path target);

  /** Every mount at or below {@code directory}, deepest and newest first. */
  List<MountPoint> below(Path directory);

  /** Unmounts all that is mounted in {@code directory}, not the directory itself. */
  default void unmountBelow(Path directory) {
    unmount(inside(directory));
  }

  /** Unmounts all that is mounted at {@code directory} and in it. */
  default void unmountTree(Path directory) {
    unmount(below(directory));
  }

  private void unmount(List<MountPoint> mounts) {
    mounts.reversed().forEach(mount -> isolate(mount.target()));
    mounts.forEach(mount -> unmount(mount.target()));
  }

  /** Every mount below {@code directory} and not at it, deepest and newest first. */
  default List<MountPoint> inside(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    return below(root).stream().filter(mount -> !mount.target().equals(root)).toList();
  }

  /** Whether something is mounted exactly at {@code path}. */
  default boolean isMountPoint(Path path) {
    return below(path).stream().anyMatch(mount -> mount.target().equals(path));
  }

  /**
   * One line of {@code /proc/self/mountinfo}.
   *
   * @param source device or name
   * @param type of file system
   */
  record MountPoint(Path target, String source, String type, boolean readOnly) {}
}
