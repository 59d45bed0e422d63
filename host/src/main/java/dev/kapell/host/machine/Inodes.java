package dev.kapell.host.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Inode counts through statvfs(3); Java's file store does not tell them. */
final class Inodes {
  /** {@code struct statvfs} on 64-bit Linux: f_files and f_ffree are words 5 and 6. */
  private static final int WORDS = 14;

  private static final int FILES = 5;
  private static final int FILES_FREE = 6;

  private Inodes() {}

  /** All inodes and the free ones; zeros when the file system does not say. */
  @SuppressWarnings("restricted") // Native access is granted to the program as a whole.
  static long[] of(Path path) {
    Linker linker = Linker.nativeLinker();
    MethodHandle statvfs =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("statvfs"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG, WORDS);
      int status = (int) statvfs.invokeExact(arena.allocateFrom(path.toString()), result);
      return status == 0
          ? new long[] {
            result.getAtIndex(ValueLayout.JAVA_LONG, FILES),
            result.getAtIndex(ValueLayout.JAVA_LONG, FILES_FREE)
          }
          : new long[2];
    } catch (Throwable e) {
      throw new IllegalStateException("statvfs(3) cannot be called", e);
    }
  }
}
