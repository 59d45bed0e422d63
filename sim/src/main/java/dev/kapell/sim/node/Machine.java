package dev.kapell.sim.node;

import java.time.Duration;
import java.time.Instant;

/**
 * How a simulated machine is at the moment. Immutable.
 *
 * @param powered without power nothing runs and nothing is told
 * @param connected without a connection everything runs and nothing is told
 * @param slowness by which starts and stops take longer, 1 is usual
 * @param lag how late it tells what it saw
 * @param bootedAt containers that started before do not run any more
 */
public record Machine(
    Shape shape, boolean powered, boolean connected, int slowness, Duration lag, Instant bootedAt) {
  static Machine healthy(Shape shape) {
    return new Machine(shape, true, true, 1, Duration.ZERO, Instant.MIN);
  }

  /** It can be reached and says so. */
  public boolean answers() {
    return powered && connected;
  }

  Duration slowed(Duration usual) {
    return usual.multipliedBy(slowness);
  }
}
