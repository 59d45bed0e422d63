package dev.kapell.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class TaskScopeTest {
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  private TaskScope scope() {
    return new TaskScope("test", (task, cause) -> failures.add(task + ": " + cause.getMessage()));
  }

  @Test
  void closeEndsBlockedTasksSilently() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Thread thread;
    try (TaskScope scope = scope()) {
      thread =
          scope.start(
              "wait",
              () -> {
                entered.countDown();
                new CountDownLatch(1).await();
              });
      entered.await();
    }
    assertThat(thread.join(java.time.Duration.ofSeconds(5))).isTrue();
    assertThat(failures).isEmpty();
  }

  @Test
  void reportsWhatATaskThrows() throws Exception {
    try (TaskScope scope = scope()) {
      scope
          .start(
              "bad",
              () -> {
                throw new IllegalStateException("boom");
              })
          .join();
    }
    assertThat(failures).containsExactly("test/bad: boom");
  }

  @Test
  void refusesWorkAfterClose() {
    TaskScope scope = scope();
    scope.close();
    assertThatThrownBy(() -> scope.start("late", () -> {})).hasMessageContaining("closed");
  }

  @Test
  void threadsThatAreGivenAreHandedOn() throws Exception {
    List<Runnable> asked = new ArrayList<>();
    ThreadFactory threads =
        body -> {
          asked.add(body);
          return Thread.ofVirtual().unstarted(body);
        };
    TaskScope.runOn(
        threads,
        () -> {
          try (TaskScope scope = scope()) {
            Thread outer =
                scope.start("outer", () -> scope.startPlatform("inner", () -> {}).join());
            outer.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(asked).hasSize(2);
    assertThat(failures).isEmpty();
  }
}
