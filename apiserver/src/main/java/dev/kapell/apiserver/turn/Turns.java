package dev.kapell.apiserver.turn;

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
  private final BooleanSupplier crowded;

  /**
   * {@code most} may work at a time.
   *
   * @param crowded whether requests wait for seats, or did a moment ago
   */
  public Turns(int most, BooleanSupplier crowded) {
    this.gate = new Gate(most);
    this.crowded = crowded;
  }

  Gate gate() {
    return gate;
  }

  boolean crowded() {
    return crowded.getAsBoolean();
  }

  /**
   * Begins with a request: hands {@code start}, which must not block, its turn: at once, or, where
   * there is a crowd, when it is the turn of {@code flow}. {@code start} says whether anybody goes
   * on with it.
   */
  public void begin(Supplier<String> flow, Predicate<Turn> start) {
    if (crowded()) {
      new Turn(this, flow.get()).take(start);
    } else {
      boolean ignored = start.test(new Turn(this, ""));
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
