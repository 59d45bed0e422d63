package dev.kapell.host.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** An image archive without compression, which is all that containerd 1.6 reads. */
record PlainArchive(Path file, boolean temporary) implements AutoCloseable {
  private static final int GZIP_MAGIC_1 = 0x1f;
  private static final int GZIP_MAGIC_2 = 0x8b;

  /** The archive itself, or a decompressed copy below {@code scratch}. */
  static PlainArchive of(Path archive, Path scratch) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      if (in.read() != GZIP_MAGIC_1 || in.read() != GZIP_MAGIC_2) {
        return new PlainArchive(archive, false);
      }
    }
    PlainArchive copy = new PlainArchive(Files.createTempFile(scratch, "image-", ".tar"), true);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
      Files.copy(in, copy.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      copy.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(file);
    }
  }
}
