package dev.kapell.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A store in front of another one, which does nothing of its own. Closing it leaves the one behind
 * open: that is its owner's.
 */
public abstract class ForwardingStore implements Store {
  private final Store store;

  /** In front of {@code store}. */
  protected ForwardingStore(Store store) {
    this.store = store;
  }

  /** The one behind. */
  protected final Store store() {
    return store;
  }

  @Override
  public Snapshot snapshot() {
    return store.snapshot();
  }

  @Override
  public CompletionStage<Commit> submit(List<Op> transaction) {
    return store.submit(transaction);
  }

  @Override
  public Commit write(List<Op> transaction) throws InterruptedException {
    return store.write(transaction);
  }

  @Override
  public Cursor watch(String table, String prefix, long afterRevision, Runnable ready) {
    return store.watch(table, prefix, afterRevision, ready);
  }

  @Override
  public long oldestRevision() {
    return store.oldestRevision();
  }

  @Override
  public void compact(long revision) throws InterruptedException {
    store.compact(revision);
  }

  @Override
  public int reseal() throws InterruptedException {
    return store.reseal();
  }

  @Override
  public void close() {}
}
