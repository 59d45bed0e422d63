package dev.kapell.host.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the files of an image layer. Not thread-safe. Paths are written without a leading slash.
 */
public final class Layer {
  private final List<TarWriter.Entries> entries = new ArrayList<>();

  /** Adds a directory. */
  public Layer directory(String path, int mode) {
    entries.add(tar -> tar.directory(path, mode));
    return this;
  }

  /** Adds a file; the content is not copied. */
  public Layer file(String path, int mode, byte[] content) {
    entries.add(tar -> tar.file(path, mode, content));
    return this;
  }

  /** Adds a text file. */
  public Layer file(String path, int mode, String content) {
    return file(path, mode, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a symbolic link. */
  public Layer symlink(String path, String target) {
    entries.add(tar -> tar.symlink(path, target));
    return this;
  }

  /** The layer as a tar archive. */
  public byte[] toTar() {
    return TarWriter.toBytes(this::writeTo);
  }

  private void writeTo(TarWriter tar) throws IOException {
    for (TarWriter.Entries entry : entries) {
      entry.writeTo(tar);
    }
  }
}
