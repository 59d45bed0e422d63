package dev.kapell.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one container's log into a stream, and goes on while the container runs if asked to. One
 * use, one thread.
 *
 * <p>To follow, it sleeps on the directory's changes; a rotated file is read to its end before the
 * new one.
 */
public final class LogReader {
  private static final int BLOCK_BYTES = 64 << 10;
  private static final long CHECK_SECONDS = 1;

  /** What a container writes need not be text: its bytes go through as they are. */
  private static final Charset BYTE_FOR_BYTE = StandardCharsets.ISO_8859_1;

  private final Path file;
  private final LogQuery query;
  private final OutputStream out;
  private final BooleanSupplier running;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long left;

  /** Reads {@code file}; {@code running} says whether more may come. */
  public LogReader(Path file, LogQuery query, OutputStream out, BooleanSupplier running) {
    this.file = file;
    this.query = query;
    this.out = out;
    this.running = running;
    this.left = query.limitBytes() == null ? Long.MAX_VALUE : query.limitBytes();
  }

  /**
   * Returns when the log has ended, or its limit is reached. A reader that is gone is an {@link
   * IOException}.
   */
  public void copy() throws IOException, InterruptedException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try (WatchService watcher = query.follow() ? watcher() : null) {
      Long tail = query.tailLines();
      if (tail != null) {
        channel.position(tailOffset(channel, tail));
      }
      boolean more = drain(channel);
      out.flush();
      while (more && watcher != null) {
        boolean ended = !running.getAsBoolean();
        FileChannel next = rotated(channel);
        more = drain(channel);
        if (next != null) {
          channel.close();
          channel = next;
          more = more && drain(channel);
        } else if (ended) {
          break;
        } else {
          WatchKey key = watcher.poll(CHECK_SECONDS, TimeUnit.SECONDS);
          if (key != null) {
            key.pollEvents();
            key.reset();
          }
        }
        out.flush();
      }
    } finally {
      channel.close();
    }
  }

  /** What a log's last lines say, as it is now. */
  public static byte[] last(Path file, long lines) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    LogQuery query = new LogQuery(false, false, lines, null, null, "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.position(tailOffset(channel, lines));
      new LogReader(file, query, said, () -> false).drain(channel);
    }
    return said.toByteArray();
  }

  private WatchService watcher() throws IOException {
    WatchService watcher = file.getFileSystem().newWatchService();
    file.toAbsolutePath()
        .resolveSibling("")
        .register(
            watcher, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
    return watcher;
  }

  /** The new file, when the one that is being read has been renamed away. */
  private @Nullable FileChannel rotated(FileChannel current) throws IOException {
    if (!Files.exists(file) || Files.size(file) >= current.position()) {
      return null;
    }
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private boolean drain(FileChannel channel) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    while (channel.read(block) > 0) {
      block.flip();
      while (block.hasRemaining()) {
        byte b = block.get();
        if (b != '\n') {
          line.write(b);
        } else if (!emit()) {
          return false;
        }
      }
      block.clear();
    }
    return true;
  }

  private boolean emit() throws IOException {
    LogLine parsed = LogLine.parse(line.toString(BYTE_FOR_BYTE));
    line.reset();
    if (!wanted(parsed)) {
      return true;
    }
    String text = query.timestamps() ? parsed.time() + " " + parsed.text() : parsed.text();
    byte[] bytes = text.getBytes(BYTE_FOR_BYTE);
    int length = (int) Math.min(left, bytes.length);
    out.write(bytes, 0, length);
    left -= length;
    return left > 0;
  }

  private boolean wanted(LogLine parsed) {
    if (!query.stream().isEmpty() && !parsed.stream().equals(query.stream())) {
      return false;
    }
    Instant since = query.since();
    if (since == null || parsed.time().isEmpty()) {
      return true;
    }
    try {
      return !OffsetDateTime.parse(parsed.time()).toInstant().isBefore(since);
    } catch (DateTimeParseException e) {
      return true; // not a time: the line is shown rather than lost
    }
  }

  /** Where the last {@code lines} lines begin. */
  private static long tailOffset(FileChannel channel, long lines) throws IOException {
    long end = channel.size();
    if (lines <= 0) {
      return end;
    }
    long found = 0;
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    for (long to = end; to > 0; to = Math.max(0, to - BLOCK_BYTES)) {
      long from = Math.max(0, to - BLOCK_BYTES);
      block.clear().limit((int) (to - from));
      channel.read(block, from);
      for (int i = block.position() - 1; i >= 0; i--) {
        boolean lineEnd = block.get(i) == '\n' && from + i < end - 1;
        if (lineEnd && ++found == lines) {
          return from + i + 1;
        }
      }
    }
    return 0;
  }
}
