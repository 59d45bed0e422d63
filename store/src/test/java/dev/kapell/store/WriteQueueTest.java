package dev.kapell.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which requests share a commit. A wait that should not be lasts longer than the test may. */
@Timeout(20)
class WriteQueueTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final WriteQueue queue = new WriteQueue(StoreOptions.defaults(), FOR_EVER);

  @Test
  void aCallerWhoIsAloneNeverWaits() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      queue.put(request(1));
      assertThat(queue.take()).hasSize(1);
    }
  }

  @Test
  void afterASharedBatchTheNextWaitsForAsMany() throws Exception {
    shared(2);
    try (ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Request>> batch = writer.submit(queue::take);
      for (int i = 0; i < 3; i++) {
        queue.put(request(1));
      }
      assertThat(batch.get()).as("two, and one more in case there is").hasSize(3);
    }
  }

  @Test
  void siblingsThatDoNotComeAreWaitedForOnce() throws InterruptedException {
    WriteQueue hasty = new WriteQueue(StoreOptions.defaults(), Duration.ofMillis(1));
    hasty.put(request(1));
    hasty.put(request(1));
    assertThat(hasty.take()).hasSize(2);
    hasty.put(request(1));
    assertThat(hasty.take()).hasSize(1);
  }

  @Test
  void aFullQueueIsNotWaitedFor() throws Exception {
    WriteQueue narrow = new WriteQueue(StoreOptions.defaults().withQueue(2, 1 << 20), FOR_EVER);
    for (int i = 0; i < 3; i++) {
      narrow.put(request(1));
      narrow.put(request(1));
      assertThat(narrow.take()).hasSize(2);
    }
    WriteQueue heavy = new WriteQueue(StoreOptions.defaults().withQueue(64, 10), FOR_EVER);
    heavy.put(request(1));
    heavy.put(request(1));
    assertThat(heavy.take()).hasSize(2);
    heavy.put(request(10));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> second =
          callers.submit(
              () -> {
                heavy.put(request(10));
                return true;
              });
      assertThat(heavy.take()).as("the second has no room before the first is gone").hasSize(1);
      assertThat(heavy.take()).hasSize(1);
      assertThat(second.get()).isTrue();
    }
  }

  @Test
  void whoFindsTheQueueFullIsNotKeptWaitingByABatchThatBeginsLater() throws Exception {
    WriteQueue heavy = new WriteQueue(StoreOptions.defaults().withQueue(64, 10), FOR_EVER);
    heavy.put(request(1));
    heavy.put(request(1));
    assertThat(heavy.take()).hasSize(2);
    heavy.put(request(10));
    FutureTask<Boolean> second =
        new FutureTask<>(
            () -> {
              heavy.put(request(10));
              return true;
            });
    Thread caller = Thread.ofVirtual().start(second);
    while (caller.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(heavy.take()).hasSize(1);
    assertThat(second.get()).isTrue();
    heavy.close();
  }

  @Test
  void closingEndsTheWait() throws Exception {
    shared(2);
    queue.put(request(1));
    try (ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Request>> batch = writer.submit(queue::take);
      queue.close();
      assertThat(batch.get()).hasSize(1);
    }
  }

  private void shared(int requests) throws InterruptedException {
    for (int i = 0; i < requests; i++) {
      queue.put(request(1));
    }
    assertThat(queue.take()).hasSize(requests);
  }

  private static Request request(long bytes) {
    return new Request.Write(List.of(), bytes, new CompletableFuture<>());
  }
}
