package dev.kapell.host.file;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** openat(2) and close(2) of the C library, as far as a path is only to be held. */
final class FileCalls {
  /** Instead of a folder's descriptor: the working directory. Absolute paths do not look at it. */
  static final int AT_FDCWD = -100;

  /** There is no such file. */
  static final int ENOENT = 2;

  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  private static final int O_PATH = 0x20_0000;
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int O_DIRECTORY = ARM ? 0x4000 : 0x1_0000;
  private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x2_0000;

  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPENAT =
      handle(
          "openat",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(3),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private FileCalls() {}

  @SuppressWarnings("restricted") // Native access is granted to the program as a whole.
  private static MethodHandle handle(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
  }

  /**
   * Holds {@code path} as seen from the folder {@code at}; its last step is not followed if it is a
   * link.
   *
   * @param directory whether anything else (a link too) is refused
   * @return a descriptor, or the error number, negative
   */
  static int hold(int at, Path path, boolean directory) {
    int flags = O_PATH | O_CLOEXEC | O_NOFOLLOW | (directory ? O_DIRECTORY : 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURE);
      int result = (int) OPENAT.invokeExact(errno, at, arena.allocateFrom(path.toString()), flags);
      return result >= 0 ? result : -(int) ERRNO.get(errno, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("openat(2) cannot be called", e);
    }
  }

  static void close(int descriptor) {
    try {
      int ignored = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException("close(2) cannot be called", e);
    }
  }
}
