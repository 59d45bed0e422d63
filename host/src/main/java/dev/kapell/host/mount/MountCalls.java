package dev.kapell.host.mount;

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

/** mount(2) and umount2(2) of the C library. Each returns 0 or the error number. */
final class MountCalls {
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle mount =
      handle(
          "mount",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS));
  private final MethodHandle unmount =
      handle(
          "umount2",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  @SuppressWarnings("restricted") // Native access is granted to the program as a whole.
  private static MethodHandle handle(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol = linker.defaultLookup().findOrThrow(name);
    return linker.downcallHandle(symbol, shape, Linker.Option.captureCallState("errno"));
  }

  int mount(String source, Path target, String type, long flags, String options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURE);
      int result =
          (int)
              mount.invokeExact(
                  errno,
                  arena.allocateFrom(source),
                  arena.allocateFrom(target.toString()),
                  arena.allocateFrom(type),
                  flags,
                  arena.allocateFrom(options));
      return result == 0 ? 0 : (int) ERRNO.get(errno, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("mount(2) cannot be called", e);
    }
  }

  int unmount(Path target, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(CAPTURE);
      int result = (int) unmount.invokeExact(errno, arena.allocateFrom(target.toString()), flags);
      return result == 0 ? 0 : (int) ERRNO.get(errno, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("umount2(2) cannot be called", e);
    }
  }
}
