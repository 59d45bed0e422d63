package dev.kapell.host.mount;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Mounts through the kernel's calls; what is mounted is read from {@code /proc/self/mountinfo}. */
final class LinuxMounts implements Mounts {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  private static final long MS_RDONLY = 1;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final long MS_REMOUNT = 32;
  private static final long MS_BIND = 4096;
  private static final long MS_REC = 16384;
  private static final long MS_SLAVE = 1 << 19;
  private static final int MNT_DETACH = 2;
  private static final int EINVAL = 22;
  private static final int ENOENT = 2;

  private final MountCalls calls = new MountCalls();

  @Override
  public void tmpfs(Path directory, long sizeBytes, int mode) {
    String options = "mode=" + Integer.toOctalString(mode);
    if (sizeBytes > 0) {
      options += ",size=" + sizeBytes;
    }
    call(directory, calls.mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, options));
  }

  @Override
  public void bind(Path source, Path target, boolean readOnly) {
    call(target, calls.mount(source.toString(), target, "none", MS_BIND, ""));
    if (readOnly) {
      long flags = MS_BIND | MS_REMOUNT | MS_RDONLY;
      call(target, calls.mount(source.toString(), target, "none", flags, ""));
    }
  }

  @Override
  public void bindTree(Path source, Path target, boolean bothWays) {
    call(target, calls.mount(source.toString(), target, "none", MS_BIND | MS_REC, ""));
    if (!bothWays) {
      isolate(target);
    }
  }

  @Override
  public void isolate(Path target) {
    int errno = calls.mount("none", target, "none", MS_SLAVE | MS_REC, "");
    if (errno != 0 && errno != EINVAL && errno != ENOENT) {
      throw new MountFailure("cannot isolate " + target + ": error " + errno, errno);
    }
  }

  private static void call(Path target, int errno) {
    if (errno != 0) {
      throw new MountFailure("cannot mount at " + target + ": error " + errno, errno);
    }
  }

  @Override
  public void unmount(Path target) {
    isolate(target); // the kernel would take what is mounted in it from where it came, too
    int errno = calls.unmount(target, MNT_DETACH);
    if (errno != 0 && errno != EINVAL && errno != ENOENT) {
      throw new MountFailure("cannot unmount " + target + ": error " + errno, errno);
    }
  }

  @Override
  public List<MountPoint> below(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    List<MountPoint> found = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(MOUNTINFO, StandardCharsets.UTF_8)) {
        MountPoint mount = parse(line);
        if (mount.target().startsWith(root)) {
          found.add(mount);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.reverse(found);
    return found;
  }

  /** {@code id parent major:minor root target options tags… - type source super-options}. */
  static MountPoint parse(String line) {
    List<String> fields = List.of(line.split(" ", -1));
    int dash = fields.indexOf("-");
    boolean readOnly = List.of(fields.get(5).split(",", -1)).contains("ro");
    return new MountPoint(
        Path.of(unescape(fields.get(4))),
        unescape(fields.get(dash + 2)),
        fields.get(dash + 1),
        readOnly);
  }

  /** Blank, tab, newline and backslash are written as three octal digits. */
  private static String unescape(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
