package dev.kapell.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the writer is asked to do. */
sealed interface Request {
  /** How many bytes it carries. */
  long bytes();

  /** Where the asker waits. */
  CompletableFuture<?> answer();

  /** A transaction to commit. */
  record Write(List<Op> transaction, long bytes, CompletableFuture<Commit> answer)
      implements Request {}

  /** History to forget. */
  record Compact(long revision, CompletableFuture<Boolean> answer) implements Request {
    @Override
    public long bytes() {
      return 0;
    }
  }

  /** Old forms of values to write anew. */
  record Reseal(CompletableFuture<Integer> answer) implements Request {
    @Override
    public long bytes() {
      return 0;
    }
  }
}
