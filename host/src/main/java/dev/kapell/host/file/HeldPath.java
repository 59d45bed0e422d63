package dev.kapell.host.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A file or folder inside a folder that others write to, held open: whatever they do to its name
 * and to those above it, {@link #path} stays the same file, and it is one inside.
 *
 * <p>Links are resolved once, and what they lead to has to be inside. That path, which then has no
 * links, is opened step by step, each from the one before, and a step that is a link after all is
 * refused: somebody put it there in between (the class of CVE-2021-25741; reference: subPath).
 */
public final class HeldPath implements AutoCloseable {
  private final int descriptor;

  private HeldPath(int descriptor) {
    this.descriptor = descriptor;
  }

  /** What to do with each folder that had to be made. */
  public interface Maker {
    /** Gives {@code folder}, which follows no link, the mode and owner that it has to have. */
    void made(Path folder) throws IOException;
  }

  /**
   * Holds what is at {@code sub} in {@code root}.
   *
   * @param root a folder, trusted together with what is above it
   * @param sub relative; empty for the root itself
   * @throws NoSuchFileException when there is no such file
   * @throws FileSystemException when it is outside, or changes while it is opened; says which
   */
  public static HeldPath below(Path root, Path sub) throws IOException {
    Path real = root.toRealPath();
    Path wanted = inside(real, real.resolve(sub));
    HeldPath held = descend(real, real.relativize(wanted));
    try {
      held.refuseLink(wanted);
      return held;
    } catch (IOException e) {
      held.close();
      throw e;
    }
  }

  /** Like {@link #below}; folders that are missing are made. */
  public static HeldPath belowMaking(Path root, Path sub, Maker maker) throws IOException {
    Path existing = Path.of("");
    List<Path> missing = new ArrayList<>();
    for (Path step : sub) {
      Path next = existing.resolve(step);
      if (missing.isEmpty() && Files.exists(root.resolve(next), LinkOption.NOFOLLOW_LINKS)) {
        existing = next;
      } else {
        missing.add(step);
      }
    }
    HeldPath at = below(root, existing);
    for (Path step : missing) {
      try (HeldPath above = at) {
        at = above.make(step, maker);
      }
    }
    return at;
  }

  private static Path inside(Path realRoot, Path path) throws IOException {
    Path real = path.toRealPath();
    if (!real.startsWith(realRoot)) {
      throw new FileSystemException(path.toString(), null, "leads out of its folder");
    }
    return real;
  }

  private static HeldPath descend(Path realRoot, Path steps) throws IOException {
    HeldPath at = hold(FileCalls.AT_FDCWD, realRoot, true);
    for (int i = 0; i < steps.getNameCount() && !steps.toString().isEmpty(); i++) {
      try (HeldPath above = at) {
        at = hold(above.descriptor, steps.getName(i), i + 1 < steps.getNameCount());
      }
    }
    return at;
  }

  private static HeldPath hold(int at, Path path, boolean directory) throws IOException {
    int result = FileCalls.hold(at, path, directory);
    if (result == -FileCalls.ENOENT) {
      throw new NoSuchFileException(path.toString());
    }
    if (result < 0) {
      throw new FileSystemException(
          path.toString(), null, "changed while it was opened: error " + -result);
    }
    return new HeldPath(result);
  }

  /**
   * Holds what is called {@code name} in this folder; of a link, the link itself.
   *
   * @throws NoSuchFileException when it is gone
   */
  public HeldPath child(Path name) throws IOException {
    return hold(descriptor, name, false);
  }

  private HeldPath make(Path step, Maker maker) throws IOException {
    boolean made = true;
    try {
      Files.createDirectory(path().resolve(step));
    } catch (FileAlreadyExistsException e) {
      made = false; // somebody else was quicker, and may have made anything
    }
    HeldPath folder = hold(descriptor, step, true);
    try {
      if (made) {
        maker.made(folder.path());
      }
      return folder;
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  private void refuseLink(Path name) throws IOException {
    if (isLink()) {
      throw new FileSystemException(
          name.toString(), null, "changed while it was opened: it is a link now");
    }
  }

  /** Whether it is a link. */
  public boolean isLink() throws IOException {
    return Files.readAttributes(path(), BasicFileAttributes.class).isSymbolicLink();
  }

  /** Whether it is a folder. */
  public boolean isDirectory() {
    return Files.isDirectory(path());
  }

  /** Leads to the file itself, within this process and until {@link #close}. */
  public Path path() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  @Override
  public void close() {
    FileCalls.close(descriptor);
  }
}
