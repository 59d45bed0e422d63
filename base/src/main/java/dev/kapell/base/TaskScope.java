package dev.kapell.base;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A room for threads: whatever starts in it has ended when {@link #close} returns. Thread-safe.
 *
 * <p>Each task runs on a thread of its own, virtual unless asked otherwise, named after the scope
 * and the task. An exception that leaves a task goes to the scope's {@link Failures}; an interrupt
 * during shutdown does not. Stands in for structured concurrency, a preview in Java 25.
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

  private final String name;
  private final Failures failures;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private record Running(Thread thread, CountDownLatch ended) {}

  /** A scope whose threads are called {@code name/task}. */
  public TaskScope(String name, Failures failures) {
    this.name = name;
    this.failures = failures;
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
    Thread thread =
        builder
            .name(name + "/" + taskName)
            .unstarted(() -> runRegistered(taskName, task, registered, ended));
    Running entry = new Running(thread, ended);
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException(
            "scope " + name + " is closed, " + taskName + " not started");
      }
      running.add(entry);
    }
    thread.start();
    registered.countDown();
    return thread;
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
      running.removeIf(entry -> entry.ended().equals(ended));
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
    synchronized (this) {
      closed = true;
    }
    Running[] left = running.toArray(new Running[0]);
    for (Running entry : left) {
      entry.thread().interrupt();
    }
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    boolean interrupted = false;
    for (Running entry : left) {
      if (entry.thread().equals(Thread.currentThread())) {
        continue;
      }
      try {
        if (!entry.ended().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          failures.failed(
              entry.thread().getName(),
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
