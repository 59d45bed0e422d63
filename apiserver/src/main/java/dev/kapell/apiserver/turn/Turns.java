package dev.kapell.apiserver.turn;

/**
 * A few turns, and flows that take them one after the other, so that who asks for little does not
 * wait for all that others ask for. A turn is for work only: who waits for something else leaves
 * it. Thread-safe.
 */
public final class Turns {
  private static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

  private final Gate gate;

  /** {@code most} may work at a time. */
  public Turns(int most) {
    this.gate = new Gate(most);
  }

  /** One caller's turn, which it has or has left; its thread's. */
  private final class Turn {
    private final String flow;
    private boolean taken;

    Turn(String flow) {
      this.flow = flow;
    }

    void resume() throws InterruptedException {
      if (!taken) {
        gate.take(flow);
        taken = true;
      }
    }

    void leave() {
      if (taken) {
        taken = false;
        gate.give();
      }
    }
  }

  /** Does {@code work} as soon as it is the turn of {@code flow}. */
  public <R, X extends Throwable> R during(String flow, ScopedValue.CallableOp<? extends R, X> work)
      throws X, InterruptedException {
    Turn turn = new Turn(flow);
    turn.resume();
    try {
      return ScopedValue.where(CURRENT, turn).<R, X>call(work);
    } finally {
      turn.leave();
    }
  }

  /** The work of this thread, if it has a turn, goes on elsewhere. */
  public static void leave() {
    if (CURRENT.isBound()) {
      CURRENT.get().leave();
    }
  }

  /** The work of this thread goes on here, once it is its turn again. */
  public static void resume() throws InterruptedException {
    if (CURRENT.isBound()) {
      CURRENT.get().resume();
    }
  }
}
