package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.request.Failures;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How much Kapell's own parts write to the log of this process, in the numbers that operators know
 * from Kubernetes: from 4 on what developers want to know, from 6 on everything. Thread-safe.
 */
final class Verbosity {
  private static final int DETAILS = 4;
  private static final int EVERYTHING = 6;
  private static final int MOST_DIGITS = 3;

  /** Held, for the platform forgets the level of a logger that nobody holds. */
  private final Logger own = Logger.getLogger("kapell");

  /** Sets it; the sentence to answer. Throws 400. */
  synchronized String set(String number) {
    if (!number.matches("[0-9]{1," + MOST_DIGITS + "}")) {
      throw Failures.badRequest(
          "the body must be the verbosity, a whole number of at least 0, for instance 4");
    }
    int verbosity = Integer.parseInt(number);
    Level level =
        verbosity >= EVERYTHING ? Level.FINER : verbosity >= DETAILS ? Level.FINE : Level.INFO;
    own.setLevel(level);
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setLevel(level);
    }
    return "successfully set klog.logging.verbosity to " + verbosity;
  }
}
