package dev.kapell.apiserver.flow;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A priority level at work: who runs, who waits. Guarded by the lock of {@link Seats}.
 *
 * <p>Queues are served by start-time fair queuing in units of seat-seconds: each queue has the
 * virtual time at which its next request is due; the earliest goes first and pays with a guess,
 * which is corrected once it is known how long it took. A queue that was idle begins at the
 * present, so that it can neither save up nor owe.
 *
 * <p>No flow takes the last seats: what it has stays below a multiple of what is still free (in
 * switches: dynamic thresholds), so that who comes next finds a seat free, however many others use.
 */
final class Level {
  /** What a request is thought to take before it is known; Kubernetes guesses the same. */
  private static final double GUESS_SECONDS = 0.003;

  /** Three quarters of the seats for a flow that is alone. */
  private static final long GREED = 3;

  private LevelPlan plan;
  private final Map<Integer, Queue> queues = new HashMap<>();
  private final Map<String, Integer> seatsOfFlows = new HashMap<>();
  private double present;
  private int executing;
  private int seats;
  private int waiting;

  Level(LevelPlan plan) {
    this.plan = plan;
  }

  /** Requests that wait for their turn, and when the next is due. Only those in use exist. */
  static final class Queue {
    private final int number;
    private final ArrayDeque<Waiter> requests = new ArrayDeque<>();
    private double due;
    private int waitingSeats;
    private int executing;

    Queue(int number) {
      this.number = number;
    }

    int length() {
      return requests.size();
    }
  }

  LevelPlan plan() {
    return plan;
  }

  void plan(LevelPlan other) {
    plan = other;
  }

  int executing() {
    return executing;
  }

  int seats() {
    return seats;
  }

  int waiting() {
    return waiting;
  }

  /** Seats that nobody else can have. */
  int held() {
    return plan.exempt() ? 0 : Math.max(seats, plan.nominal() - plan.lendable());
  }

  /** How much of its own it uses. */
  double load() {
    return seats / (double) Math.max(1, plan.nominal());
  }

  /** The queue of the flow's hand that has least to do. */
  Queue choose(int[] hand) {
    Queue best = null;
    for (int number : hand) {
      Queue queue = queues.computeIfAbsent(number, Queue::new);
      if (best == null
          || queue.waitingSeats < best.waitingSeats
          || (queue.waitingSeats == best.waitingSeats && queue.executing < best.executing)) {
        best = queue;
      }
    }
    return java.util.Objects.requireNonNull(best, "a hand has at least one queue");
  }

  /** Forgets queues of {@code hand} that nobody uses. */
  void tidy(int[] hand) {
    for (int number : hand) {
      Queue queue = queues.get(number);
      if (queue != null && queue.requests.isEmpty() && queue.executing == 0) {
        queues.remove(number);
      }
    }
  }

  void enqueue(Queue queue, Waiter waiter) {
    if (queue.requests.isEmpty() && queue.executing == 0) {
      queue.due = present;
    }
    queue.requests.add(waiter);
    queue.waitingSeats += waiter.seats();
    waiting++;
  }

  /** Takes back a request that waits no longer; false when it has got its seats meanwhile. */
  boolean withdraw(Queue queue, Waiter waiter) {
    if (!queue.requests.remove(waiter)) {
      return false;
    }
    queue.waitingSeats -= waiter.seats();
    waiting--;
    return true;
  }

  /** The queue whose first request is due and finds room in {@code free} seats; null for none. */
  @Nullable Queue next(int free) {
    Queue best = null;
    for (Queue queue : queues.values()) {
      boolean sooner =
          best == null
              || queue.due < best.due
              || (queue.due == best.due && queue.number < best.number);
      if (!queue.requests.isEmpty() && sooner && fits(queue.requests.element(), free)) {
        best = queue;
      }
    }
    return best;
  }

  private boolean fits(Waiter waiter, int free) {
    int others = seatsOfFlows.getOrDefault(waiter.flow(), 0);
    return waiter.seats() <= free && (others == 0 || others + waiter.seats() <= GREED * free);
  }

  /** Seats everybody who waits. */
  void releaseAll() {
    for (Queue queue : List.copyOf(queues.values())) {
      while (!queue.requests.isEmpty()) {
        dispatch(queue).granted().countDown();
      }
    }
  }

  /** Seats the first request of {@code queue}. */
  Waiter dispatch(Queue queue) {
    Waiter waiter = queue.requests.remove();
    queue.waitingSeats -= waiter.seats();
    waiting--;
    present = Math.max(present, queue.due);
    began(queue, waiter.flow(), waiter.seats());
    return waiter;
  }

  /** A request of {@code queue} (null: of a level without queues) takes {@code wanted} seats. */
  void began(@Nullable Queue queue, String flow, int wanted) {
    executing++;
    seats += wanted;
    if (queue != null) {
      seatsOfFlows.merge(flow, wanted, Integer::sum);
      queue.executing++;
      queue.due = Math.max(queue.due, present) + wanted * GUESS_SECONDS;
    }
  }

  /** It is over after {@code seconds}. */
  void ended(Seats.Outcome.Seated seated, double seconds) {
    Queue queue = seated.queue();
    int wanted = seated.seats();
    executing--;
    seats -= wanted;
    if (queue != null) {
      seatsOfFlows.computeIfPresent(seated.flow(), (_, all) -> all == wanted ? null : all - wanted);
      queue.executing--;
      queue.due += wanted * (seconds - GUESS_SECONDS);
      if (queue.requests.isEmpty() && queue.executing == 0) {
        queues.remove(queue.number, queue);
      }
    }
  }

  /** How many requests each queue in use holds, by its number. */
  Map<Integer, Integer> lengths() {
    Map<Integer, Integer> lengths = new HashMap<>();
    queues.forEach((number, queue) -> lengths.put(number, queue.length()));
    return lengths;
  }
}
