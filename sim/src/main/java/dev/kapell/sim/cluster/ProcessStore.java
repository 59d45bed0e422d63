package dev.kapell.sim.cluster;

import dev.kapell.base.Clock;
import dev.kapell.store.Commit;
import dev.kapell.store.Cursor;
import dev.kapell.store.ForwardingStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The store as one process sees it: through the weather, and no longer than the process lives. */
final class ProcessStore extends ForwardingStore {
  private final Life life;
  private final Site site;

  ProcessStore(Store store, Life life, Site site) {
    super(store);
    this.life = life;
    this.site = site;
  }

  private Clock clock() {
    return site.lane();
  }

  @Override
  public CompletionStage<Commit> submit(List<Op> transaction) {
    try {
      life.requireAlive();
      if (site.weather().drawFailure()) {
        throw new StoreException("the simulated disk does not answer");
      }
      Op first = transaction.getFirst();
      if (first.expected() > 0 && site.weather().drawConflict()) {
        return CompletableFuture.completedFuture(
            new Commit.Conflict(first, store().snapshot().get(first.key())));
      }
      return recorded(transaction).thenApply(this::survived);
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Commit write(List<Op> transaction) throws InterruptedException {
    life.requireAlive();
    clock().sleep(site.weather().drawWriteDelay());
    if (site.weather().drawFailure()) {
      throw new StoreException("the simulated disk does not answer");
    }
    Op first = transaction.getFirst();
    if (first.expected() > 0 && site.weather().drawConflict()) {
      return new Commit.Conflict(first, store().snapshot().get(first.key()));
    }
    life.requireAlive();
    try {
      return survived(recorded(transaction).toCompletableFuture().get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreException failed
          ? failed
          : new IllegalStateException(e.getCause());
    }
  }

  /** The author stands in the ledger before anybody hears of the revision. */
  private CompletionStage<Commit> recorded(List<Op> transaction) {
    String who = site.authors().name(Thread.currentThread());
    return store()
        .submit(transaction)
        .whenComplete(
            (commit, failure) -> {
              if (commit instanceof Commit.Done done) {
                site.authors().wrote(done.revision(), who);
              }
            });
  }

  private Commit survived(Commit commit) {
    if (commit instanceof Commit.Done) {
      life.wrote();
    }
    return commit;
  }

  @Override
  public Cursor watch(String table, String prefix, long afterRevision, Runnable ready) {
    return new ProcessCursor(
        woken -> store().watch(table, prefix, afterRevision, woken), ready, site);
  }
}
