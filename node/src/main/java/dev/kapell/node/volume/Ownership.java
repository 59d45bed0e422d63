package dev.kapell.node.volume;

import dev.kapell.host.file.HeldPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Modes and groups of files. */
final class Ownership {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final int SET_GROUP = 02000;
  private static final int READ = 0440;
  private static final int READ_WRITE = 0660;
  private static final int ENTER = 0110;

  private Ownership() {}

  static void mode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
  }

  /** A folder that was just made, by a path that follows no link but to the folder itself. */
  static void ofNew(Path held, int mode, @Nullable Long group) throws IOException {
    if (group == null) {
      Files.setAttribute(held, "unix:mode", mode);
    } else {
      Files.setAttribute(held, "unix:gid", Math.toIntExact(group));
      Files.setAttribute(held, "unix:mode", mode | READ_WRITE | SET_GROUP | ENTER);
    }
  }

  /** Whether the folder already is as {@link #share} would make it (fsGroupChangePolicy). */
  static boolean isShared(Path root, long group, boolean readOnly) throws IOException {
    int mode = (int) Files.getAttribute(root, "unix:mode") & 07777;
    int wanted = (readOnly ? READ : READ_WRITE) | SET_GROUP | ENTER;
    return (int) Files.getAttribute(root, "unix:gid") == group && (mode & wanted) == wanted;
  }

  /**
   * Gives a volume to a group (reference: fsGroup): readable, writable unless read-only, new files
   * inherit it. Containers may be at work in it, so every file is held while it is changed: a link
   * put in its place leads nowhere. Links stay as they are.
   */
  static void share(Path root, long group, boolean readOnly) throws IOException {
    try (HeldPath held = HeldPath.below(root, Path.of(""))) {
      share(held, Math.toIntExact(group), readOnly);
    }
  }

  private static void share(HeldPath file, int group, boolean readOnly) throws IOException {
    if (file.isLink()) {
      return;
    }
    boolean directory = file.isDirectory();
    Path path = file.path();
    int mode = (int) Files.getAttribute(path, "unix:mode") & 07777;
    Files.setAttribute(path, "unix:gid", group);
    Files.setAttribute(
        path,
        "unix:mode",
        mode | (readOnly ? READ : READ_WRITE) | (directory ? SET_GROUP | ENTER : 0));
    if (directory) {
      for (Path name : names(path)) {
        try (HeldPath child = file.child(name)) {
          share(child, group, readOnly);
        } catch (NoSuchFileException gone) {
          LOG.log(System.Logger.Level.DEBUG, "gone while it was shared", gone);
        }
      }
    }
  }

  private static List<Path> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::getFileName).toList();
    }
  }
}
