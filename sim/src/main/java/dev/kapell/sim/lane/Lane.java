package dev.kapell.sim.lane;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs a world of threads so that the same seed gives the same run.
 *
 * <pre>
 *   ready ──one, drawn by the seed──▶ runs until it waits ──▶ ready (woken) …
 *     │ none
 *     ▼
 *   time jumps to the earliest alarm, whose task becomes a thread
 * </pre>
 *
 * <p>Every thread that a {@link TaskScope} starts inside {@link #run} is a virtual one, carried by
 * the caller of {@code run}: one at a time, so nothing here needs a lock. A thread is never
 * interrupted in the middle; it gives way where it waits. Time is what {@link Clock} says it is; a
 * real timer, a thread from outside or a monitor that is held while waiting would break the repeat,
 * and ends the run.
 */
public final class Lane implements Clock {
  /** So many steps without any time passing: somebody goes round in a circle. */
  private static final long MOST_STEPS_AT_ONCE = 3_000_000;

  private static final class Due implements Alarm {
    private final long atNanos;
    private final long order;
    private @Nullable Runnable task;

    Due(long atNanos, long order, Runnable task) {
      this.atNanos = atNanos;
      this.order = order;
      this.task = task;
    }

    @Override
    public void cancel() {
      task = null;
    }
  }

  private final Instant origin;
  private final Randomness order;
  private final ThreadFactory threads = Carrier.threads(this::stepReady);
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Due> alarms =
      new PriorityQueue<>(
          Comparator.<Due>comparingLong(due -> due.atNanos).thenComparingLong(due -> due.order));
  private @Nullable Thread carrier;
  private volatile @Nullable String intruder;
  private long nanos;
  private long alarmCount;
  private long steps;
  private Duration skew = Duration.ZERO;

  /**
   * A lane at rest.
   *
   * @param origin what its clock shows at first
   * @param order draws who is next
   */
  public Lane(Instant origin, Randomness order) {
    this.origin = origin;
    this.order = order;
  }

  /**
   * Runs {@code main} and whatever it starts, until main has ended and nobody can go on.
   *
   * @throws IllegalStateException when main can never end: all wait, and no alarm is set
   */
  public void run(TaskScope.Task main) throws Exception {
    carrier = Thread.currentThread();
    List<Throwable> thrown = new ArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    start(
        () -> {
          try {
            main.run();
          } catch (Throwable e) {
            thrown.add(e);
          } finally {
            ended.countDown();
          }
        });
    long since = steps;
    while (true) {
      if (!ready.isEmpty()) {
        step();
        requireProgress(since);
      } else if (ended.getCount() == 0) {
        break;
      } else {
        nextAlarm();
        since = steps;
      }
    }
    if (intruder != null) {
      throw new IllegalStateException("woken by " + intruder + ", a thread from outside the lane");
    }
    if (!thrown.isEmpty()) {
      if (thrown.getFirst() instanceof Exception e) {
        throw e;
      }
      throw new IllegalStateException(thrown.getFirst());
    }
  }

  private void start(Runnable body) {
    threads.newThread(() -> TaskScope.runOn(threads, body)).start();
  }

  /** Called whenever a thread may go on: by the carrier, or by a thread that it carries. */
  private void stepReady(Runnable step) {
    Thread caller = Thread.currentThread();
    if (!caller.isVirtual() && !caller.equals(carrier)) {
      intruder = caller.getName();
      throw new IllegalStateException("woken by " + intruder + ", a thread from outside the lane");
    }
    ready.add(step);
  }

  private void step() {
    int chosen = order.nextInt(ready.size());
    Runnable last = ready.removeLast();
    Runnable step = chosen == ready.size() ? last : ready.set(chosen, last);
    steps++;
    step.run();
  }

  private void requireProgress(long since) {
    if (steps - since > MOST_STEPS_AT_ONCE) {
      throw new IllegalStateException(
          "time stands still since " + MOST_STEPS_AT_ONCE + " steps, at " + now());
    }
  }

  /** Lets time pass to the earliest alarm, and starts every task that is due then. */
  private void nextAlarm() {
    Due due = earliest();
    if (due == null) {
      throw new IllegalStateException(
          intruder == null
              ? "everybody waits and no alarm is set"
              : "everybody waits; woken by " + intruder + ", a thread from outside the lane");
    }
    nanos = Math.max(nanos, due.atNanos);
    while (due != null && due.atNanos <= nanos) {
      alarms.remove();
      if (due.task != null) {
        start(due.task);
      }
      due = earliest();
    }
  }

  private @Nullable Due earliest() {
    Due due = alarms.peek();
    while (due != null && due.task == null) {
      alarms.remove();
      due = alarms.peek();
    }
    return due;
  }

  /** How many steps threads have made: a measure of work. */
  public long steps() {
    return steps;
  }

  /** How much time has passed. */
  public Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  /** Sets the time of day forward or, if negative, back; spans are not touched. */
  public void jump(Duration by) {
    skew = skew.plus(by);
  }

  @Override
  public Instant now() {
    return origin.plusNanos(nanos).plus(skew);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    if (!span.isPositive()) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Alarm alarm = schedule(span, over::countDown);
    try {
      over.await();
    } finally {
      alarm.cancel();
    }
  }

  @Override
  public Alarm schedule(Duration delay, Runnable task) {
    Due due = new Due(nanos + Math.max(0, delay.toNanos()), alarmCount++, task);
    alarms.add(due);
    return due;
  }
}
