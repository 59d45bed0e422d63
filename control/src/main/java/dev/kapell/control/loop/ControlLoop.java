package dev.kapell.control.loop;

import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Takes names from its queue and works on them with a few virtual threads, until it is closed.
 * Failures come again with back-off; an exception is logged and counts as a failure.
 *
 * @param <K> the name
 */
public final class ControlLoop<K> implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.control");
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(5), Duration.ofSeconds(60));

  private final String name;
  private final Clock clock;
  private final WorkQueue<K> queue;
  private final Reconciler<K> reconciler;
  private final LoopCounters counters;
  private final TaskScope scope;

  private TaskScope.Task ready = () -> {};

  private ControlLoop(String name, Clock clock, Reconciler<K> reconciler, LoopCounters counters) {
    this.name = name;
    this.clock = clock;
    this.queue = new WorkQueue<>(clock, BACKOFF);
    this.reconciler = reconciler;
    this.counters = counters;
    this.scope =
        new TaskScope(
            name,
            (task, cause) ->
                LOG.log(System.Logger.Level.ERROR, "worker ended loop=" + name, cause));
  }

  /** A loop around {@code reconciler}; it works once it is {@linkplain #start started}. */
  public static <K> ControlLoop<K> of(String name, Clock clock, Reconciler<K> reconciler) {
    return new ControlLoop<>(name, clock, reconciler, new LoopCounters());
  }

  /** A loop that observes, decides and applies. */
  public static <K, O> ControlLoop<K> planned(
      String name, Clock clock, Applier applier, Planner<K, O> planner) {
    LoopCounters counters = new LoopCounters();
    Reconciler<K> reconciler =
        key -> {
          Optional<O> seen = planner.observe(key);
          if (seen.isEmpty()) {
            return Outcome.done();
          }
          O observed = seen.get();
          Instant now = clock.now().truncatedTo(ChronoUnit.SECONDS);
          Plan plan = planner.decide(observed, now);
          return applier.apply(
              name, plan, counters, (change, why) -> planner.refused(observed, change, why, now));
        };
    return new ControlLoop<>(name, clock, reconciler, counters);
  }

  /**
   * Lets the workers wait for {@code ready} to return before they take a name. Before the start.
   */
  public ControlLoop<K> after(TaskScope.Task ready) {
    this.ready = ready;
    return this;
  }

  /** Starts the workers. */
  public ControlLoop<K> start(int workers) {
    for (int i = 0; i < workers; i++) {
      scope.start("worker-" + i, this::work);
    }
    return this;
  }

  /** Where names are added. */
  public WorkQueue<K> queue() {
    return queue;
  }

  /** Wants {@code key} worked on. */
  public void add(K key) {
    queue.add(key);
  }

  /** What it has done. */
  public LoopCounters counters() {
    return counters;
  }

  /** For metrics and logs. */
  public String name() {
    return name;
  }

  private void work() throws Exception {
    ready.run();
    while (true) {
      K key = queue.take();
      try {
        long started = clock.nanoTime();
        Outcome outcome = reconcile(key);
        counters.reconciled(clock.nanoTime() - started);
        settle(key, outcome);
      } finally {
        queue.done(key);
      }
    }
  }

  private Outcome reconcile(K key) throws InterruptedException {
    try {
      return reconciler.reconcile(key);
    } catch (InterruptedException e) {
      throw e;
    } catch (ApiFailure e) {
      return new Outcome.Failed(e.toString(), e.isConflict() || e.isAlreadyExists());
    } catch (Exception e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.toString());
      }
      LOG.log(System.Logger.Level.ERROR, "reconcile broke loop=" + name + " object=" + key, e);
      return new Outcome.Failed(e.toString(), false);
    }
  }

  private void settle(K key, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done() -> queue.succeeded(key);
      case Outcome.Again(Duration after) -> {
        queue.succeeded(key);
        queue.addAfter(key, after);
      }
      case Outcome.Failed(String cause, boolean expected) -> {
        counters.failed(expected);
        Duration wait = queue.failed(key);
        LOG.log(
            expected ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
            "reconcile failed loop={0} object={1} retry={2} cause={3}",
            name,
            key,
            wait,
            cause);
      }
    }
  }

  /** Interrupts the workers and waits for their end; what is queued is forgotten. */
  @Override
  public void close() {
    scope.close();
  }
}
