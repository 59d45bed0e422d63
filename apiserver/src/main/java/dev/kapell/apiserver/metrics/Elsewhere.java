package dev.kapell.apiserver.metrics;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of one request that others took: its wait for a seat, and webhooks. What is left is what
 * the server itself can be held to.
 *
 * <p>Bound for the duration of a request, so that whoever waits can say so without the pipeline
 * passing it through every signature.
 */
public final class Elsewhere {
  private static final ScopedValue<Elsewhere> CURRENT = ScopedValue.newInstance();

  private final AtomicLong nanos = new AtomicLong();

  /** Adds to the request that this thread handles, if it handles one. */
  public static void spent(long nanos) {
    if (CURRENT.isBound()) {
      CURRENT.get().nanos.addAndGet(nanos);
    }
  }

  /** Runs {@code handling} with this as what {@link #spent} adds to. */
  public void during(Runnable handling) {
    ScopedValue.where(CURRENT, this).run(handling);
  }

  /** So far. */
  public long nanos() {
    return nanos.get();
  }
}
