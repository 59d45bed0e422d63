package dev.kapell.apiserver.turn;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One request's turn, which it has or has left; for its thread, and then for who {@link #end}s it.
 */
public final class Turn {
  /** A commit takes less, unless the disk is slow. */
  private static final long COMMIT_NANOS = 2_000_000;

  private final Turns turns;

  /** As whom the request came; empty where nobody looked. */
  private final String apparent;

  private volatile String flow;
  private volatile boolean taken;

  /** Whether it is to have it again after what it waits for. */
  private boolean interrupted;

  /** Whether it is of a flow that asks for more than there is. */
  private boolean greedy;

  Turn(Turns turns, String apparent, String flow) {
    this.turns = turns;
    this.apparent = apparent;
    this.flow = flow;
  }

  /** Calls {@code start}, here or later, once this has its turn. */
  void take(Predicate<Turn> start) {
    turns
        .gate()
        .enter(
            flow,
            () -> {
              taken = true;
              return start.test(this);
            });
  }

  /** Does {@code work}, in which this is the turn of the thread. */
  public <R, X extends Throwable> R during(ScopedValue.CallableOp<? extends R, X> work) throws X {
    return ScopedValue.where(Turns.CURRENT, this).<R, X>call(work);
  }

  /** Goes on with work for {@code user}, as soon as it is their turn. */
  void work(String user) throws InterruptedException {
    if (!user.equals(flow)) {
      if (taken) {
        turns.gate().rename(flow, user);
      }
      if (!apparent.isEmpty()) {
        turns.names().learn(apparent, user);
      }
      flow = user;
    }
    enter();
  }

  /** Takes up again what {@link #leave} interrupted. */
  void resume() throws InterruptedException {
    if (interrupted) {
      enter();
    }
  }

  void resumeInCrowd() throws InterruptedException {
    if (turns.crowded()) {
      resume();
    }
  }

  private void enter() throws InterruptedException {
    if (taken) {
      return;
    }
    Entry entry = new Entry();
    turns.gate().enter(flow, entry);
    try {
      entry.await();
    } catch (InterruptedException e) {
      entry.abandon();
      throw e;
    }
    taken = true;
    interrupted = false;
  }

  void leave() {
    if (taken) {
      interrupted = true;
      drop();
    }
  }

  void leaveForSeat() {
    greedy = true;
    leave();
  }

  /**
   * Whether it goes on while the disk does what its request wants: that of a greedy flow does,
   * where others are about. Else all that flow's requests would be in one commit, and who asks for
   * little behind them.
   */
  boolean outlastsCommit() {
    return taken && greedy && turns.gate().isContested();
  }

  /** Waits for the disk. */
  <R> R await(Future<R> commit) throws InterruptedException, ExecutionException {
    if (!outlastsCommit() || !isFast(commit)) {
      leave();
    }
    return commit.get();
  }

  private static boolean isFast(Future<?> commit) throws InterruptedException, ExecutionException {
    try {
      commit.get(COMMIT_NANOS, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void drop() {
    taken = false;
    turns.gate().leave(flow);
  }

  /** Somebody who waits at the gate, or has given up. */
  private final class Entry implements BooleanSupplier {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicBoolean settled = new AtomicBoolean();

    @Override
    public boolean getAsBoolean() {
      boolean wanted = settled.compareAndSet(false, true);
      entered.countDown();
      return wanted;
    }

    void await() throws InterruptedException {
      entered.await();
    }

    void abandon() {
      if (!settled.compareAndSet(false, true)) {
        turns.gate().leave(flow); // it came in the same moment
      }
    }
  }

  /**
   * Ends it: at once, or, where there is a crowd, as the last thing that {@code loop} has been
   * given for this request: the answer is work too.
   */
  public void end(Executor loop) {
    if (taken && turns.crowded()) {
      loop.execute(this::drop);
    } else if (taken) {
      drop();
    }
  }
}
