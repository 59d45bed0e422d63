package dev.kapell.node;

import dev.kapell.base.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a bound. */
final class Waiting {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration BETWEEN = Duration.ofMillis(5);

  private Waiting() {}

  static void until(Supplier<String> what, BooleanSupplier condition) throws InterruptedException {
    Clock clock = Clock.system();
    long deadline = clock.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (clock.nanoTime() > deadline) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what.get());
      }
      clock.sleep(BETWEEN);
    }
  }

  static <T> T present(Supplier<String> what, Supplier<Optional<T>> source)
      throws InterruptedException {
    until(what, () -> source.get().isPresent());
    return source.get().orElseThrow();
  }
}
