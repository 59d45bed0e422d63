package dev.kapell.bench.flood;

import dev.kapell.bench.Dice;
import java.io.IOException;

/** What one peer does that means harm. */
@FunctionalInterface
interface Attack {
  /** How the server took it. */
  enum End {
    /** It closed the connection. */
    HUNG_UP,
    /** It said no, to this request or stream. */
    REFUSED,
    /** It did what was asked, which did no harm. */
    SERVED
  }

  /**
   * Plays it once.
   *
   * @throws java.net.SocketTimeoutException when the server puts up with it
   * @throws IOException when the server hangs up
   */
  End play(Target target, Dice dice) throws IOException;
}
