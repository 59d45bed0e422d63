package dev.kapell.scheduler;

import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has changed since the scheduler last looked: names, never events, so it is as long as there
 * are objects. Thread-safe; many put, one takes.
 */
final class Inbox {
  /** What changes besides nodes and pods, of which it does not matter which one it was. */
  enum Other {
    /** Volumes, claims, classes, drivers. */
    STORAGE,
    /** Claims of devices, their classes, what drivers offer. */
    DEVICES,
    /** Labels of namespaces. */
    NAMESPACES,
    /** Disruption budgets. */
    BUDGETS,
    /** The definitions of queues. */
    QUEUES
  }

  /** What was in it. */
  record Batch(List<String> nodes, List<ObjectKey> pods, List<Runnable> notes, Set<Other> others) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Set<String> nodes = new LinkedHashSet<>();
  private final Set<ObjectKey> pods = new LinkedHashSet<>();
  private final List<Runnable> notes = new ArrayList<>();
  private final Set<Other> others = EnumSet.noneOf(Other.class);
  private boolean awake;

  Inbox(Clock clock) {
    this.clock = clock;
  }

  void node(String name) {
    add(() -> nodes.add(name));
  }

  void pod(ObjectKey key) {
    add(() -> pods.add(key));
  }

  /** The outcome of a binding, to be handled on the scheduler's thread; at most one for each. */
  void note(Runnable outcome) {
    add(() -> notes.add(outcome));
  }

  /** Something else changed. */
  void other(Other what) {
    add(() -> others.add(what));
  }

  private void add(Runnable change) {
    lock.lock();
    try {
      change.run();
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** What is in it now, without waiting. */
  Batch drain() {
    lock.lock();
    try {
      Batch batch =
          new Batch(List.copyOf(nodes), List.copyOf(pods), List.copyOf(notes), Set.copyOf(others));
      nodes.clear();
      pods.clear();
      notes.clear();
      others.clear();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something, or for {@code nanos} when that is not negative. */
  void await(long nanos) throws InterruptedException {
    Clock.Alarm alarm = () -> {};
    if (nanos >= 0) {
      alarm = clock.schedule(Duration.ofNanos(nanos), this::wakeUp);
    }
    lock.lockInterruptibly();
    try {
      while (nodes.isEmpty() && pods.isEmpty() && notes.isEmpty() && others.isEmpty() && !awake) {
        filled.await();
      }
      awake = false;
    } finally {
      lock.unlock();
      alarm.cancel();
    }
  }

  private void wakeUp() {
    add(() -> awake = true);
  }
}
