package dev.kapell.base;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A room for threads: whatever starts in it has ended when {@link #close} returns. Thread-safe.
 *
 * <p>Each task runs on a thread of its own, virtual unless asked otherwise, named after the scope
 * and the task. An exception that leaves a task goes to the scope's {@link Failures}; an interrupt
 * during shutdown does not. Stands in for structured concurrency, a preview in Java 25.
 *
 * <p>A simulation decides itself which thread runs when: what is started inside {@link #runOn}, and
 * by what was started there, runs on the threads given to it.
 */
public final class TaskScope implements AutoCloseable {

  /** Where exceptions go that no task handled. Called on the failing task's thread. */
  @FunctionalInterface
  public interface Failures {
    /** {@code task} ended with {@code cause}. */
    void failed(String task, Throwable cause);
  }

  /** A piece of work that may block and be interrupted. */
  @FunctionalInterface
  public interface Task {
    /** Does the work; an exception goes to the scope's {@link Failures}. */
    void run() throws Exception;
  }

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

  /** Where threads come from in place of the machine; each task hands it on to those it starts. */
  private static final ScopedValue<ThreadFactory> THREADS = ScopedValue.newInstance();

  private final String name;
  private final Failures failures;

  /** What runs, in the order of its start, by the latch of its end. Guarded by this. */
  private final Map<CountDownLatch, Thread> running = new LinkedHashMap<>();

  private volatile boolean closed;

  /** A scope whose threads are called {@code name/task}. */
  public TaskScope(String name, Failures failures) {
    this.name = name;
    this.failures = failures;
  }

  /**
   * Runs {@code body} now; every task that is started in it gets its thread from {@code threads},
   * and so do the tasks that those start.
   */
  public static void runOn(ThreadFactory threads, Runnable body) {
    ScopedValue.where(THREADS, threads).run(body);
  }

  /**
   * Starts {@code task} on a virtual thread. A closed scope refuses it with {@link
   * IllegalStateException}.
   */
  public Thread start(String taskName, Task task) {
    return start(Thread.ofVirtual(), taskName, task);
  }

  /**
   * Like {@link #start}, on a platform thread: for a loop that blocks in native code, where a
   * virtual thread would hold one of the few carriers of all others.
   */
  public Thread startPlatform(String taskName, Task task) {
    return start(Thread.ofPlatform().daemon(), taskName, task);
  }

  private Thread start(Thread.Builder builder, String taskName, Task task) {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch registered = new CountDownLatch(1);
    Thread thread = unstarted(builder, () -> runRegistered(taskName, task, registered, ended));
    thread.setName(name + "/" + taskName);
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException(
            "scope " + name + " is closed, " + taskName + " not started");
      }
      running.put(ended, thread);
    }
    thread.start();
    registered.countDown();
    return thread;
  }

  private static Thread unstarted(Thread.Builder builder, Runnable body) {
    if (!THREADS.isBound()) {
      return builder.unstarted(body);
    }
    ThreadFactory threads = THREADS.get();
    return threads.newThread(() -> runOn(threads, body));
  }

  private void runRegistered(
      String taskName, Task task, CountDownLatch registered, CountDownLatch ended) {
    try {
      registered.await();
      task.run();
    } catch (InterruptedException e) {
      if (!closed) {
        failures.failed(name + "/" + taskName, e);
      }
    } catch (Throwable e) {
      if (!(closed && Thread.currentThread().isInterrupted())) {
        failures.failed(name + "/" + taskName, e);
      }
    } finally {
      synchronized (this) {
        running.remove(ended);
      }
      ended.countDown();
    }
  }

  /** True once {@link #close} has begun. */
  public boolean isClosed() {
    return closed;
  }

  /** Interrupts every task and waits, at most 30 seconds, until all have ended. */
  @Override
  public void close() {
    List<Map.Entry<CountDownLatch, Thread>> left;
    synchronized (this) {
      closed = true;
      left = running.entrySet().stream().map(Map.Entry::copyOf).toList();
    }
    left.forEach(entry -> entry.getValue().interrupt());
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    boolean interrupted = false;
    for (Map.Entry<CountDownLatch, Thread> entry : left) {
      if (entry.getValue().equals(Thread.currentThread())) {
        continue;
      }
      try {
        if (!entry.getKey().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          failures.failed(
              entry.getValue().getName(),
              new IllegalStateException("did not end within " + CLOSE_LIMIT));
        }
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
