package dev.kapell.scheduler;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Write;
import dev.kapell.client.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes that leave together: what is added while others are under way is asked for at once when
 * one of those returns, so that a thousand bindings cost a few commits and not a thousand. Who adds
 * to a full convoy waits. Thread-safe.
 */
final class Convoy {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  /** So many are asked for at once. */
  private static final int MOST = 64;

  /** While one waits for its commit, the next is worked out. */
  private static final int UNDER_WAY = 2;

  /** Hears what came of a write; it may wait, which holds up this convoy. */
  @FunctionalInterface
  interface Ending {
    void ended(Optional<ApiFailure> refusal) throws InterruptedException;
  }

  /** What is left to be done, one after the other. */
  private record Item(List<Write> steps, Ending ended) {
    Item rest() {
      return new Item(steps.subList(1, steps.size()), ended);
    }
  }

  private final Writer writer;
  private final TaskScope scope;
  private final Semaphore room;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Item> waiting = new ArrayDeque<>();
  private int underWay;

  /** With room for {@code atOnce} writes; their threads are {@code scope}'s. */
  Convoy(Writer writer, TaskScope scope, int atOnce) {
    this.writer = writer;
    this.scope = scope;
    this.room = new Semaphore(atOnce);
  }

  /**
   * Adds a write, or several that are asked for one after the other, whatever became of the one
   * before.
   *
   * @param ended hears what came of the last, on a thread of the convoy's
   */
  void add(List<Write> steps, Ending ended) throws InterruptedException {
    room.acquire();
    lock.lock();
    try {
      waiting.add(new Item(steps, ended));
      if (underWay < UNDER_WAY) {
        scope.start("convoy", this::drive);
        underWay++;
      }
    } finally {
      lock.unlock();
    }
  }

  private void drive() throws InterruptedException {
    for (List<Item> next = next(); !next.isEmpty(); next = next()) {
      List<Optional<ApiFailure>> refusals = write(next);
      for (int i = 0; i < next.size(); i++) {
        goOn(next.get(i), refusals.get(i));
      }
    }
  }

  private void goOn(Item item, Optional<ApiFailure> refusal) throws InterruptedException {
    if (item.steps().size() == 1) {
      room.release();
      end(item, refusal);
      return;
    }
    lock.lock();
    try {
      waiting.add(item.rest());
    } finally {
      lock.unlock();
    }
  }

  /** What one hearer breaks must not keep the others from hearing. */
  private static void end(Item item, Optional<ApiFailure> refusal) throws InterruptedException {
    try {
      item.ended().ended(refusal);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the end of a write broke", e);
    }
  }

  /** The next to leave; when there is none, this way ends. */
  private List<Item> next() {
    lock.lock();
    try {
      List<Item> next = new ArrayList<>();
      while (next.size() < MOST && !waiting.isEmpty()) {
        next.add(waiting.remove());
      }
      if (next.isEmpty()) {
        underWay--;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Whatever happens, everybody hears how it ended. */
  private List<Optional<ApiFailure>> write(List<Item> items) {
    try {
      return writer.writeAll(items.stream().map(item -> item.steps().getFirst()).toList());
    } catch (ApiFailure e) {
      return items.stream().map(item -> Optional.of(e)).toList(); // the server is closing
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "writes broke count=" + items.size(), e);
      Status status =
          Status.builder()
              .status("Failure")
              .code(500)
              .reason("InternalError")
              .message("the write broke: " + e)
              .build();
      return items.stream().map(item -> Optional.of(new ApiFailure(status))).toList();
    }
  }
}
