package dev.kapell.apiserver.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines for its owner only. When it is full it gets the time as part of its name, as
 * {@code audit-2026-11-21T08-34-43.591.log}, and a new one begins; old ones go. One thread.
 */
final class LogFile implements AutoCloseable {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);
  private static final int BUFFER_BYTES = 64 << 10;

  private final AuditOptions.Rotation rotation;
  private final Path path;
  private final String stem;
  private final String ending;
  private @Nullable OutputStream out;
  private long bytes;

  LogFile(Path path, AuditOptions.Rotation rotation) {
    this.path = path;
    this.rotation = rotation;
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    this.stem = (dot < 0 ? name : name.substring(0, dot)) + "-";
    this.ending = dot < 0 ? "" : name.substring(dot);
  }

  void line(byte[] line, Instant now) throws IOException {
    if (out != null && bytes > 0 && bytes + line.length + 1 > rotation.mostBytes()) {
      close();
      Files.move(path, path.resolveSibling(stem + STAMP.format(now) + ending));
      forget(now);
    }
    OutputStream open = open();
    open.write(line);
    open.write('\n');
    bytes += line.length + 1;
  }

  private OutputStream open() throws IOException {
    if (out == null) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      if (!Files.exists(path)) {
        Files.createFile(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      bytes = Files.size(path);
      out =
          new BufferedOutputStream(
              Files.newOutputStream(path, StandardOpenOption.APPEND), BUFFER_BYTES);
    }
    return out;
  }

  private void forget(Instant now) throws IOException {
    List<Path> old;
    try (Stream<Path> files = Files.list(path.toAbsolutePath().getParent())) {
      old = files.filter(this::isOld).sorted().toList().reversed();
    }
    String oldest = stem + STAMP.format(now.minus(rotation.mostDays(), ChronoUnit.DAYS));
    for (int i = 0; i < old.size(); i++) {
      boolean expired =
          rotation.mostDays() > 0 && old.get(i).getFileName().toString().compareTo(oldest) < 0;
      if (expired || (rotation.mostFiles() > 0 && i >= rotation.mostFiles())) {
        Files.delete(old.get(i));
      }
    }
  }

  private boolean isOld(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(stem) && name.endsWith(ending) && !name.equals(path.getFileName() + "");
  }

  void flush() throws IOException {
    if (out != null) {
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    OutputStream open = out;
    out = null;
    if (open != null) {
      open.close();
    }
  }
}
