package dev.kapell.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The exchanges that are under way, by what a closing server owes them. Thread-safe.
 *
 * <pre>
 * answering (a whole answer) ──┬──push──▶ pushing (an end in good order)
 *                              └──lasts─▶ nothing: cut when the rest is done
 * </pre>
 */
final class Underway {
  private final Set<RequestHandler> answering = ConcurrentHashMap.newKeySet();
  private final Set<RequestHandler> pushing = ConcurrentHashMap.newKeySet();

  /** Where answers stood when they were last looked at. Owned by the loop that looks. */
  private Map<ChannelExchange, Long> stalled = Map.of();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean awaited;
  private volatile boolean ending;

  void began(RequestHandler handling) {
    answering.add(handling);
  }

  /** Its answer goes on for as long as the client likes. */
  void lasts(RequestHandler handling) {
    answering.remove(handling);
    tell();
  }

  /** Its answer is a stream of events. */
  void pushes(RequestHandler handling) {
    pushing.add(handling);
    lasts(handling);
  }

  void ended(RequestHandler handling) {
    answering.remove(handling);
    pushing.remove(handling);
    tell();
  }

  /** Gives up the clients that have taken nothing of their answers since the last call. */
  void hangUpStalled() {
    Map<ChannelExchange, Long> now = new HashMap<>();
    for (RequestHandler handling : answering) {
      ChannelExchange exchange = handling.exchange();
      if (exchange != null && exchange.isHeldUp()) {
        now.put(exchange, exchange.takenBytes());
      }
    }
    now.forEach(
        (exchange, taken) -> {
          if (taken.equals(stalled.get(exchange))) {
            exchange.hangUp();
          }
        });
    stalled = now;
  }

  /** Something that is waited for may have happened. */
  void tell() {
    if (awaited) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether streams end as soon as they have begun. */
  boolean ending() {
    return ending;
  }

  boolean allAnswered() {
    return answering.isEmpty();
  }

  int unanswered() {
    return answering.size();
  }

  /** Ends every stream, now and from now on; waits at most {@code limit} until all are sent. */
  void endPushed(Duration limit) throws InterruptedException {
    ending = true;
    pushing.forEach(RequestHandler::endPushed);
    await(pushing::isEmpty, limit);
  }

  /** Waits at most {@code limit} until {@code done}; whoever changes that calls {@link #tell}. */
  boolean await(BooleanSupplier done, Duration limit) throws InterruptedException {
    awaited = true;
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!done.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
    return done.getAsBoolean();
  }
}
