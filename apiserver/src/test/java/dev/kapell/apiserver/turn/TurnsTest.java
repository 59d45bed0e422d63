package dev.kapell.apiserver.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.ManualClock;
import dev.kapell.base.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private volatile boolean crowded;
  private final Turns turns = new Turns(1, () -> crowded, clock);
  private final CountDownLatch end = new CountDownLatch(1);
  private final Queue<String> order = new ConcurrentLinkedQueue<>();

  private static TaskScope scope() {
    return new TaskScope(
        "test",
        (task, cause) -> {
          throw new AssertionError(task, cause);
        });
  }

  /** A request of {@code flow} from its beginning to its end. */
  private <R> R request(String flow, ScopedValue.CallableOp<R, Exception> work) throws Exception {
    Turn turn = new Turn(turns, "", flow);
    try {
      return turn.during(
          () -> {
            Turns.work(flow);
            return work.call();
          });
    } finally {
      turn.end(Runnable::run);
    }
  }

  /** Somebody who has the only turn until {@link #end}. */
  private Thread holder(TaskScope scope) throws InterruptedException {
    CountDownLatch began = new CountDownLatch(1);
    Thread thread =
        scope.start(
            "holder",
            () ->
                request(
                    "greedy",
                    () -> {
                      began.countDown();
                      return end.await(1, TimeUnit.MINUTES);
                    }));
    began.await();
    return thread;
  }

  private Thread waiting(TaskScope scope, String flow) {
    return waiting(scope, flow, () -> request(flow, () -> order.add(flow)));
  }

  private static Thread waiting(TaskScope scope, String name, TaskScope.Task task) {
    Thread thread = scope.start(name, task);
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
        request(
            "ann",
            () -> {
              Turns.leave();
              working.addAndGet(request("ben", () -> 1)); // else this would never end
              Turns.resume();
              Turns.resume();
              return "done";
            });
    assertThat(done).isEqualTo("done");
    assertThat(working).hasValue(1);
    assertThat(request("ben", () -> 2)).isEqualTo(2);
  }

  @Test
  void whoFailsOrIsInterruptedTakesNoTurnAway() throws Exception {
    assertThatThrownBy(
            () ->
                request(
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
    assertThat(request("ann", () -> 1)).isEqualTo(1);
  }

  @Test
  void whoHasNoTurnLeavesNone() throws Exception {
    Turns.leave();
    Turns.resume();
    Turns.resumeInCrowd();
    Turns.work("ann");
    assertThat(request("ann", () -> 1)).isEqualTo(1);
    assertThatThrownBy(() -> new Turns(0, () -> true, clock))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutACrowdNobodyWaitsToBegin() throws Exception {
    try (TaskScope scope = scope()) {
      Thread holder = holder(scope);
      turns.begin(() -> "ann", _ -> order.add("ann"));
      assertThat(order).containsExactly("ann");
      end.countDown();
      holder.join();
    }
  }

  @Test
  void inACrowdRequestsBeginByTurnsAndHaveThemUntilTheirAnswerIsOut() throws Exception {
    crowded = true;
    List<Turn> begun = new ArrayList<>();
    List<Runnable> loop = new ArrayList<>();
    for (String flow : List.of("greedy", "greedy", "greedy", "modest")) {
      turns.begin(
          () -> flow,
          turn -> {
            order.add(flow);
            return begun.add(turn);
          });
    }
    assertThat(order).containsExactly("greedy");
    begun.getFirst().end(loop::add);
    assertThat(order).containsExactly("greedy");
    loop.removeFirst().run();
    begun.get(1).end(Runnable::run);
    assertThat(order).containsExactly("greedy", "greedy", "modest");
    crowded = false;
    begun.get(2).end(loop::add);
    assertThat(order).containsExactly("greedy", "greedy", "modest", "greedy");
    assertThat(loop).isEmpty();
  }

  @Test
  void whereNobodyGoesOnTheNextOneComes() throws Exception {
    crowded = true;
    try (TaskScope scope = scope()) {
      Thread holder = holder(scope);
      for (int i = 0; i < 100_000; i++) {
        turns.begin(() -> "gone", _ -> false);
      }
      turns.begin(() -> "modest", _ -> order.add("modest"));
      end.countDown();
      holder.join();
    }
    assertThat(order).containsExactly("modest");
  }

  /** Ann's request waits for a commit, while somebody else takes the only turn. */
  private String afterACommit() throws Exception {
    CompletableFuture<String> commit = new CompletableFuture<>();
    try (TaskScope scope = scope()) {
      Thread writer =
          waiting(
              scope,
              "ann",
              () ->
                  request(
                      "ann",
                      () -> {
                        Turns.leave();
                        String committed = commit.get();
                        Turns.resumeInCrowd();
                        return order.add(committed);
                      }));
      Thread holder = holder(scope); // for who waits for the disk has none
      commit.complete("written");
      if (!crowded) {
        writer.join();
      }
      Thread next = waiting(scope, "ben");
      String before = String.join(", ", order);
      end.countDown();
      writer.join();
      holder.join();
      next.join();
      return before;
    }
  }

  @Test
  void whatComesAfterACommitIsLittleWorkWhereThereIsNoCrowd() throws Exception {
    assertThat(afterACommit()).isEqualTo("written");
    assertThat(order).containsExactly("written", "ben");
  }

  @Test
  void whatComesAfterACommitWaitsForItsTurnInACrowd() throws Exception {
    crowded = true;
    assertThat(afterACommit()).isEmpty();
    assertThat(order).containsExactlyInAnyOrder("written", "ben");
  }

  /** Two turns of a crowd. */
  private final Turns two = new Turns(2, () -> true, clock);

  private Turn begins(String flow) {
    Turn[] begun = new Turn[1];
    two.begin(
        () -> flow,
        turn -> {
          order.add(flow);
          begun[0] = turn;
          return true;
        });
    return begun[0];
  }

  private static void end(Turn turn) {
    turn.end(Runnable::run);
  }

  @Test
  void aCrowdOfOneFlowHasAllTurns() {
    begins("greedy");
    begins("greedy");
    assertThat(order).containsExactly("greedy", "greedy");
  }

  @Test
  void whereOthersAreAboutNoFlowThatHasATurnTakesTheLast() {
    Turn modest = begins("modest");
    Turn greedy = begins("greedy");
    begins("greedy");
    end(modest);
    assertThat(order).containsExactly("modest", "greedy");
    Turn other = begins("modest");
    assertThat(order).containsExactly("modest", "greedy", "modest");
    end(greedy);
    assertThat(order).containsExactly("modest", "greedy", "modest", "greedy");
    begins("greedy");
    clock.advance(Duration.ofSeconds(1));
    end(other);
    assertThat(order).endsWith("greedy", "greedy").hasSize(5);
  }

  @Test
  void whoCameBeforeIsKnownByItsUser() throws Exception {
    Turn modest = begins("modest");
    Turn first = begins("a token");
    first.during(
        () -> {
          Turns.work("ann");
          return first;
        });
    end(modest);
    begins("a token");
    assertThat(order).containsExactly("modest", "a token");
    begins("another token");
    assertThat(order).containsExactly("modest", "a token", "another token");
  }

  /** Whether a request of {@code turn} that {@code queues} for a seat keeps it in its commit. */
  private static boolean outlastsCommit(Turn turn, boolean queues) throws Exception {
    return turn.during(
        () -> {
          if (queues) {
            Turns.leaveForSeat();
          }
          Turns.work("ann");
          return Turns.outlastCommit();
        });
  }

  @Test
  void aGreedyFlowKeepsItsTurnsInCommitsWhereOthersAreAbout() throws Exception {
    Turn alone = begins("ann");
    assertThat(outlastsCommit(alone, true)).isFalse();
    end(alone);
    begins("ben");
    Turn modest = begins("ann");
    assertThat(outlastsCommit(modest, false)).isFalse();
    end(modest);
    assertThat(outlastsCommit(begins("ann"), true)).isTrue();
  }

  @Test
  void aSlowDiskTakesATurnFromWhoWouldHaveKeptIt() throws Exception {
    CompletableFuture<String> commit = new CompletableFuture<>();
    begins("ben");
    Turn greedy = begins("ann");
    CountDownLatch works = new CountDownLatch(1);
    try (TaskScope scope = scope()) {
      Thread writer =
          scope.start(
              "ann",
              () ->
                  greedy.during(
                      () -> {
                        Turns.leaveForSeat();
                        Turns.work("ann");
                        works.countDown();
                        return order.add(Turns.await(commit));
                      }));
      CountDownLatch begun = new CountDownLatch(1);
      works.await();
      two.begin(
          () -> "cid",
          _ -> {
            begun.countDown();
            return true;
          });
      assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
      commit.complete("written");
      writer.join();
    }
    assertThat(order).containsExactly("ben", "ann", "written");
  }
}
