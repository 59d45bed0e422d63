package dev.kapell.host.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The program headers of a 64-bit little-endian ELF file. */
record ElfHeader(boolean needsInterpreter) {
  private static final int MAGIC = 0x464c457f;
  private static final int PT_INTERP = 3;
  private static final int ENOUGH_BYTES = 4096;

  static ElfHeader read(Path file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(ENOUGH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {
        // Reads until the buffer is full or the file ends.
      }
    }
    head.flip();
    if (head.limit() < 64 || head.getInt(0) != MAGIC) {
      throw new IOException(file + " is no ELF file");
    }
    int offset = (int) head.getLong(32);
    int size = head.getShort(54);
    int count = head.getShort(56);
    boolean interpreter = false;
    for (int i = 0; i < count && offset + (i + 1) * size <= head.limit(); i++) {
      interpreter |= head.getInt(offset + i * size) == PT_INTERP;
    }
    return new ElfHeader(interpreter);
  }
}
