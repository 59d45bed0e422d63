package dev.kapell.apiserver.turn;

import dev.kapell.base.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A few turns, and flows that take them one after the other, so that who asks for little does not
 * wait for all that others ask for. A turn is for work only: who waits for something else leaves
 * it. Thread-safe.
 */
public final class Turns {
  static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

  private final Gate gate;
  private final Names names = new Names();
  private final BooleanSupplier crowded;

  /**
   * {@code most} may work at a time.
   *
   * @param crowded whether requests wait for seats, or did a moment ago
   */
  public Turns(int most, BooleanSupplier crowded, Clock clock) {
    this.gate = new Gate(most, crowded, clock);
    this.crowded = crowded;
  }

  Gate gate() {
    return gate;
  }

  Names names() {
    return names;
  }

  boolean crowded() {
    return crowded.getAsBoolean();
  }

  /**
   * Begins with a request: hands {@code start}, which must not block, its turn: at once, or, where
   * there is a crowd, when it is the turn of its flow: the user that {@code apparent}, as whom it
   * comes, was before. {@code start} says whether anybody goes on with it.
   */
  public void begin(Supplier<String> apparent, Predicate<Turn> start) {
    if (crowded()) {
      String who = apparent.get();
      new Turn(this, who, names.of(who)).take(start);
    } else {
      boolean ignored = start.test(new Turn(this, "", ""));
    }
  }

  /** What follows is the main work of this thread's request, which is {@code user}'s. */
  public static void work(String user) throws InterruptedException {
    if (CURRENT.isBound()) {
      CURRENT.get().work(user);
    }
  }

  /** The work of this thread, if it has a turn, goes on elsewhere. */
  public static void leave() {
    if (CURRENT.isBound()) {
      CURRENT.get().leave();
    }
  }

  /** This thread's request has to wait for a seat: its flow has more than it may work on. */
  public static void leaveForSeat() {
    if (CURRENT.isBound()) {
      CURRENT.get().leaveForSeat();
    }
  }

  /** Whether this thread's turn goes on while the disk does what its request wants. */
  public static boolean outlastCommit() {
    return CURRENT.isBound() && CURRENT.get().outlastsCommit();
  }

  /** Waits for what the disk does, with a turn or without. */
  public static <R> R await(Future<R> commit) throws InterruptedException, ExecutionException {
    return CURRENT.isBound() ? CURRENT.get().await(commit) : commit.get();
  }

  /** The work of this thread, if that left its turn, goes on here once it is its turn again. */
  public static void resume() throws InterruptedException {
    if (CURRENT.isBound()) {
      CURRENT.get().resume();
    }
  }

  /** The same for work so little that it only matters in a crowd. */
  public static void resumeInCrowd() throws InterruptedException {
    if (CURRENT.isBound()) {
      CURRENT.get().resumeInCrowd();
    }
  }
}
