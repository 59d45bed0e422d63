package dev.kapell.host.mount;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounts that are only remembered; the files stay what they are. Thread-safe. */
public final class SimulatedMounts implements Mounts {
  private final List<MountPoint> mounts = new ArrayList<>();

  @Override
  public synchronized void tmpfs(Path directory, long sizeBytes, int mode) {
    mounts.add(new MountPoint(directory, "tmpfs", "tmpfs", false));
  }

  @Override
  public synchronized void bind(Path source, Path target, boolean readOnly) {
    mounts.add(new MountPoint(target, source.toString(), "none", readOnly));
  }

  @Override
  public void bindTree(Path source, Path target, boolean bothWays) {
    bind(source, target, false);
  }

  @Override
  public void isolate(Path target) {
    // Nothing that is only remembered happens elsewhere.
  }

  @Override
  public synchronized void unmount(Path target) {
    for (int i = mounts.size() - 1; i >= 0; i--) {
      if (mounts.get(i).target().equals(target)) {
        mounts.remove(i);
        return;
      }
    }
  }

  @Override
  public synchronized List<MountPoint> below(Path directory) {
    return mounts.reversed().stream()
        .filter(mount -> mount.target().startsWith(directory))
        .toList();
  }
}
