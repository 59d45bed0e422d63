package dev.kapell.apiserver.flow;

import dev.kapell.apiserver.turn.Turns;
import dev.kapell.base.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The server's seats, and who has them. Thread-safe; one short lock.
 *
 * <p>A level may always use what it does not lend. What it lends, others have for as long as their
 * requests run: it gets its own back as they end. So a request may start when, beside it, every
 * other level still finds what it uses now or does not lend.
 */
final class Seats {
  private static final double WIDEST_SHARE = 0.15;

  /** For so long after somebody waited there is still a crowd: it comes and goes in waves. */
  private static final long CROWD_NANOS = 200_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Clock clock;
  private final Map<String, Level> levels = new LinkedHashMap<>();
  private int capacity;

  /** When somebody had to wait last. */
  private volatile long waitedAt;

  Seats(Clock clock) {
    this.clock = clock;
    this.waitedAt = clock.nanoTime() - CROWD_NANOS;
  }

  /** What came of asking for seats. */
  sealed interface Outcome {
    /** They are there until {@link Seats#leave}; a level without queues knows no flows. */
    record Seated(Level level, Level.@Nullable Queue queue, String flow, int seats, long sinceNanos)
        implements Outcome {}

    /** There are none; {@code reason} as in Kubernetes' metrics. */
    record Refused(String reason) implements Outcome {}
  }

  /** Takes other plans; those that wait in a level which is no more run at once. */
  void plan(List<LevelPlan> plans) {
    lock.lock();
    try {
      Map<String, Level> known = new LinkedHashMap<>(levels);
      levels.clear();
      capacity = 0;
      for (LevelPlan plan : plans) {
        Level level = known.remove(plan.name());
        if (level == null || level.plan().queues() != plan.queues()) {
          release(level);
          level = new Level(plan);
        }
        level.plan(plan);
        levels.put(plan.name(), level);
        capacity += plan.nominal();
      }
      known.values().forEach(Seats::release);
      serve();
    } finally {
      lock.unlock();
    }
  }

  private static void release(@Nullable Level level) {
    if (level != null) {
      level.releaseAll();
    }
  }

  /** Waits for seats in the level of {@code flow}, at most for {@code patience}. */
  Outcome enter(Classifier.Flow flow, int wanted, Duration patience) throws InterruptedException {
    Waiter waiter;
    Level level;
    Level.Queue queue;
    lock.lock();
    try {
      level = levels.get(flow.level());
      if (level == null || level.plan().exempt() || level.plan().queues() == 0) {
        return withoutQueues(level, wanted);
      }
      LevelPlan plan = level.plan();
      int[] hand = Hand.deal(flow.schema(), flow.flow(), plan.queues(), plan.hand());
      queue = level.choose(hand);
      waiter = new Waiter(flow.schema() + '\0' + flow.flow(), width(plan, wanted));
      if (queue.length() >= plan.queueLength()) {
        level.tidy(hand);
        return new Outcome.Refused("queue-full");
      }
      level.enqueue(queue, waiter);
      level.tidy(hand);
      serve();
    } finally {
      lock.unlock();
    }
    if (waiter.granted().getCount() > 0) {
      waitedAt = clock.nanoTime();
      Turns.leaveForSeat();
      if (!await(level, queue, waiter, patience)) {
        return new Outcome.Refused("time-out");
      }
    }
    return new Outcome.Seated(level, queue, waiter.flow(), waiter.seats(), clock.nanoTime());
  }

  private Outcome withoutQueues(@Nullable Level level, int wanted) {
    if (level == null) {
      return new Outcome.Refused("cancelled");
    }
    int seats = level.plan().exempt() ? wanted : width(level.plan(), wanted);
    if (!fits(level, seats)) {
      return new Outcome.Refused("concurrency-limit");
    }
    level.began(null, "", seats);
    return new Outcome.Seated(level, null, "", seats, clock.nanoTime());
  }

  private static int width(LevelPlan plan, int wanted) {
    return Math.clamp((int) Math.ceil(plan.nominal() * WIDEST_SHARE), 1, Math.max(1, wanted));
  }

  private boolean await(Level level, Level.Queue queue, Waiter waiter, Duration patience)
      throws InterruptedException {
    boolean granted = false;
    try {
      granted = waiter.granted().await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!granted) {
        lock.lock();
        try {
          granted = !level.withdraw(queue, waiter);
        } finally {
          lock.unlock();
        }
      }
    }
    return granted;
  }

  /** Whether somebody waits, or did a moment ago. */
  boolean crowded() {
    return clock.nanoTime() - waitedAt < CROWD_NANOS;
  }

  /** Gives seats back to those who wait. */
  void leave(Outcome.Seated seated) {
    double seconds = (clock.nanoTime() - seated.sinceNanos()) / 1e9;
    lock.lock();
    try {
      seated.level().ended(seated, seconds);
      serve();
    } finally {
      lock.unlock();
    }
  }

  /** Seats everybody for whom there is room; the level that uses least of its own goes first. */
  private void serve() {
    while (true) {
      Level neediest = null;
      Level.Queue first = null;
      for (Level level : levels.values()) {
        if (level.waiting() == 0 || (neediest != null && neediest.load() <= level.load())) {
          continue;
        }
        Level.Queue queue = level.next(room(level));
        if (queue != null) {
          neediest = level;
          first = queue;
        }
      }
      if (neediest == null || first == null) {
        return;
      }
      neediest.dispatch(first).granted().countDown();
    }
  }

  private boolean fits(Level level, int wanted) {
    return level.plan().exempt() || wanted <= room(level);
  }

  /** How many more seats {@code level} may use now. */
  private int room(Level level) {
    return Math.min(level.plan().most(), Math.max(1, capacity) - heldByOthers(level))
        - level.seats();
  }

  /**
   * What a level does at one moment.
   *
   * @param limit the seats it may have while the others do what they do
   * @param capacity the seats of all
   */
  record View(
      LevelPlan plan,
      int executing,
      int seats,
      int waiting,
      Map<Integer, Integer> queues,
      int limit,
      int capacity) {}

  private int heldByOthers(Level level) {
    int others = 0;
    for (Level other : levels.values()) {
      others += other == level ? 0 : other.held();
    }
    return others;
  }

  /** All levels at this moment. */
  Collection<View> view() {
    lock.lock();
    try {
      List<View> views = new ArrayList<>();
      for (Level level : levels.values()) {
        views.add(
            new View(
                level.plan(),
                level.executing(),
                level.seats(),
                level.waiting(),
                level.lengths(),
                level.plan().exempt() ? Integer.MAX_VALUE : capacity - heldByOthers(level),
                capacity));
      }
      return views;
    } finally {
      lock.unlock();
    }
  }
}
