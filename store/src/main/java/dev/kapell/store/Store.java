package dev.kapell.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A revisioned key-value log. Thread-safe.
 *
 * <p>Revisions are 64-bit, start at 1, grow by one with each transaction and are never given twice,
 * also across restarts. A transaction is all or nothing. When a commit is reported as done it is
 * durable, and every later {@link #snapshot} shows it.
 */
public interface Store extends AutoCloseable {
  /** The newest state. Never waits for a writer. */
  Snapshot snapshot();

  /**
   * Queues a transaction. The stage completes once it is durable and visible, or refused.
   *
   * <p>It completes exceptionally with {@link StoreException} when the medium fails (disk full):
   * then nothing was written and the store serves on. The queue is bounded; a full one blocks the
   * caller. What depends on the stage runs on the writer's thread unless it asks for another, and
   * must not block there.
   *
   * @throws IllegalArgumentException at once for a transaction that is empty, has more than 1,024
   *     operations, writes a key twice or has a stamp outside its value
   */
  CompletionStage<Commit> submit(List<Op> transaction);

  /**
   * {@link #submit} and wait. A caller interrupted while it waits does not know how the transaction
   * ended.
   *
   * @throws StoreException when the medium fails
   */
  Commit write(List<Op> transaction) throws InterruptedException;

  /** One operation and wait. */
  default Commit write(Op op) throws InterruptedException {
    return write(List.of(op));
  }

  /**
   * A reader of the changes of {@code table} under {@code prefix} after {@code afterRevision}
   * (which may lie in the future).
   *
   * @param ready called, on the writer's thread, when {@link Cursor#poll} may have something after
   *     it returned nothing; must not block
   * @throws CompactedException when the history after {@code afterRevision} is no longer whole
   */
  Cursor watch(String table, String prefix, long afterRevision, Runnable ready);

  /** The oldest revision from which a watch can still start. */
  long oldestRevision();

  /**
   * Forgets history up to {@code revision}; what is current stays. The store also does so by
   * itself, to stay bounded.
   */
  void compact(long revision) throws InterruptedException;

  /**
   * Writes every value again that the medium keeps in a form that {@link AtRest#seal} would not
   * give it today: after a key was added, or another table is to be hidden. Opening a store does so
   * by itself. Writes wait meanwhile; reads do not.
   *
   * @return how many values were written again
   * @throws StoreException when the medium fails; calling again goes on
   */
  int reseal() throws InterruptedException;

  @Override
  void close();
}
