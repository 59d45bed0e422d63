package dev.kapell.bench;

import dev.kapell.base.TaskScope;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Many who write at once, to fill a server before it is measured. */
public final class Writers {
  private static final int COUNT = 32;

  private Writers() {}

  /**
   * Calls {@code task} with 0 to {@code count} − 1, each once; returns when all calls have ended.
   */
  public static void inParallel(TaskScope scope, int count, IntConsumer task)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(COUNT);
    for (int i = 0; i < COUNT; i++) {
      scope.start(
          "writer",
          () -> {
            try {
              for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                task.accept(n);
              }
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
  }
}
