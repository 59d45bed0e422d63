package dev.kapell.sim.lane;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Virtual threads whose every step is run by an executor of ours. Java has them but does not show
 * them yet, hence the one place with a look behind its doors; see docs/adr.
 */
final class Carrier {
  private static final String OPEN = "--add-opens java.base/java.lang=ALL-UNNAMED";

  private Carrier() {}

  /** Unstarted virtual threads that hand each of their steps to {@code steps}. */
  static ThreadFactory threads(Executor steps) {
    MethodHandle maker = maker();
    return body -> {
      try {
        return (Thread) maker.invoke(steps, null, 0, body);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static MethodHandle maker() {
    try {
      Class<?> builders = Class.forName("java.lang.ThreadBuilders");
      MethodType shape =
          MethodType.methodType(
              Thread.class, Executor.class, String.class, int.class, Runnable.class);
      return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
          .findStatic(builders, "newVirtualThread", shape);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "a simulation carries its threads itself; start java with " + OPEN, e);
    }
  }
}
