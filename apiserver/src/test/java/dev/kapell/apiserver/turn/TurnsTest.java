package dev.kapell.apiserver.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final Queue<String> order = new ConcurrentLinkedQueue<>();

  private static TaskScope scope() {
    return new TaskScope(
        "test",
        (task, cause) -> {
          throw new AssertionError(task, cause);
        });
  }

  /** Somebody who has the only turn until {@link #end}. */
  private Thread holder(TaskScope scope) throws InterruptedException {
    CountDownLatch began = new CountDownLatch(1);
    Thread thread =
        scope.start(
            "holder",
            () ->
                turns.during(
                    "greedy",
                    () -> {
                      began.countDown();
                      return end.await(1, TimeUnit.MINUTES);
                    }));
    began.await();
    return thread;
  }

  private Thread waiting(TaskScope scope, String flow) {
    Thread thread = scope.start(flow, () -> turns.during(flow, () -> order.add(flow)));
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void aModestFlowIsNextHoweverManyOfAGreedyOneWait() throws Exception {
    List<Thread> threads = new ArrayList<>();
    try (TaskScope scope = scope()) {
      threads.add(holder(scope));
      for (int i = 0; i < 50; i++) {
        threads.add(waiting(scope, "greedy"));
      }
      threads.add(waiting(scope, "modest"));
      threads.add(waiting(scope, "modest"));
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(new ArrayList<>(order).subList(0, 4))
        .containsExactly("greedy", "modest", "greedy", "modest");
    assertThat(order).hasSize(52);
  }

  @Test
  void whoWaitsForSomethingElseLeavesRoomAndTakesATurnAgain() throws Exception {
    AtomicInteger working = new AtomicInteger();
    String done =
        turns.during(
            "ann",
            () -> {
              Turns.leave();
              working.addAndGet(turns.during("ben", () -> 1)); // else this would never end
              Turns.resume();
              Turns.resume();
              return "done";
            });
    assertThat(done).isEqualTo("done");
    assertThat(working).hasValue(1);
    assertThat(turns.during("ben", () -> 2)).isEqualTo(2);
  }

  @Test
  void whoFailsOrIsInterruptedTakesNoTurnAway() throws Exception {
    assertThatThrownBy(
            () ->
                turns.during(
                    "ann",
                    () -> {
                      throw new IllegalStateException("boom");
                    }))
        .hasMessage("boom");
    try (TaskScope scope = scope()) {
      Thread holder = holder(scope);
      Thread late = waiting(scope, "ben");
      late.interrupt();
      late.join();
      end.countDown();
      holder.join();
    }
    assertThat(order).isEmpty();
    assertThat(turns.during("ann", () -> 1)).isEqualTo(1);
  }

  @Test
  void whoHasNoTurnLeavesNone() throws InterruptedException {
    Turns.leave();
    Turns.resume();
    assertThat(turns.during("ann", () -> 1)).isEqualTo(1);
    assertThatThrownBy(() -> new Turns(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
