package dev.kapell.store;

import dev.kapell.base.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * The store that memory and SQLite share.
 *
 * <p>One writer thread takes what is queued, works it out on a {@link Draft} of the newest state,
 * has the {@link Journal} make all of it durable at once, and only then shows it: the state in one
 * volatile write, the events in their rings, the answers to the callers. Readers take the state as
 * it is and never meet the writer. When the journal refuses, the draft is dropped and nothing has
 * happened.
 */
final class LogStore implements Store {
  /**
   * How many forgotten values are worth a journal's while; with more, the commit they ride on
   * waits.
   */
  private static final int GARBAGE_CHUNK = 64;

  private final StoreOptions options;
  private final Journal journal;
  private final Histories histories;
  private final WriteQueue queue;
  private final TaskScope scope;
  private final Thread writer;
  private volatile State state;

  /** Owned by the writer. */
  private Garbage garbage;

  private LogStore(Journal journal, Replay replay, StoreOptions options) {
    this.options = options;
    this.journal = journal;
    this.state = replay.state();
    this.garbage = replay.garbage();
    this.histories = new Histories(options);
    this.queue = new WriteQueue(options, journal.gathering());
    replay.floors().forEach(histories::restore);
    histories.publish(replay.events(), state.revision()).dropped().forEach(garbage::add);
    this.scope = new TaskScope("store", options.failures());
    this.writer = scope.startPlatform("writer", this::writeUntilClosed);
  }

  /** A store on what {@code journal} kept; closes it when that cannot be read. */
  static Store open(Journal journal, StoreOptions options) {
    try {
      Replay replay = new Replay();
      journal.load(replay);
      return new LogStore(journal, replay, options);
    } catch (RuntimeException | Error e) {
      journal.close();
      throw e;
    }
  }

  @Override
  public Snapshot snapshot() {
    return state;
  }

  @Override
  public CompletionStage<Commit> submit(List<Op> transaction) {
    try {
      return enqueue(transaction);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(
          new StoreException("interrupted while the queue was full; nothing was written", e));
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Commit write(List<Op> transaction) throws InterruptedException {
    return await(enqueue(transaction));
  }

  private CompletableFuture<Commit> enqueue(List<Op> transaction) throws InterruptedException {
    List<Op> ops = Transactions.checked(transaction);
    CompletableFuture<Commit> answer = new CompletableFuture<>();
    queue.put(new Request.Write(ops, Transactions.bytes(ops), answer));
    return answer;
  }

  @Override
  public void compact(long revision) throws InterruptedException {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    queue.put(new Request.Compact(revision, answer));
    await(answer);
  }

  @Override
  public int reseal() throws InterruptedException {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    queue.put(new Request.Reseal(answer));
    return await(answer);
  }

  private void reseal(Request.Reseal request) {
    try {
      request.answer().complete(journal.reseal());
    } catch (StoreException e) {
      refuse(List.of(request), e);
    }
  }

  private static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreException failed
          ? failed
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public Cursor watch(String table, String prefix, long afterRevision, Runnable ready) {
    return histories.watch(table, prefix, afterRevision, ready);
  }

  @Override
  public long oldestRevision() {
    return histories.oldest();
  }

  private void writeUntilClosed() throws InterruptedException {
    List<Request> batch = List.of();
    try {
      do {
        batch = queue.take();
        handle(batch);
      } while (!batch.isEmpty());
    } finally {
      queue.close();
      refuse(batch, new StoreException("the store stopped: its writer failed, see its log"));
      for (List<Request> rest = queue.take(); !rest.isEmpty(); rest = queue.take()) {
        refuse(rest, new StoreException("the store is closed"));
      }
    }
  }

  private static void refuse(List<? extends Request> requests, StoreException failure) {
    requests.forEach(request -> request.answer().completeExceptionally(failure));
  }

  private void handle(List<Request> batch) {
    List<Request.Write> writes = new ArrayList<>();
    for (Request request : batch) {
      switch (request) {
        case Request.Write write -> writes.add(write);
        case Request.Compact compact -> {
          commit(writes);
          writes.clear();
          compact(compact);
        }
        case Request.Reseal reseal -> {
          commit(writes);
          writes.clear();
          reseal(reseal);
        }
      }
    }
    commit(writes);
  }

  /** Commits all of {@code writes} at once; when that fails, each on its own. */
  private void commit(List<Request.Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    Draft draft = new Draft(state);
    List<Commit> answers = writes.stream().map(w -> draft.apply(w.transaction())).toList();
    try {
      if (!draft.events().isEmpty()) {
        boolean full = garbage.versions().size() >= GARBAGE_CHUNK;
        Garbage taken = full ? garbage : new Garbage();
        journal.append(draft.events(), taken);
        garbage = full ? new Garbage() : garbage;
      }
    } catch (StoreException e) {
      if (writes.size() == 1) {
        refuse(writes, e);
      } else {
        writes.forEach(write -> commit(List.of(write)));
      }
      return;
    }
    state = draft.state();
    Histories.Published published = histories.publish(draft.events(), draft.state().revision());
    published.dropped().forEach(garbage::add);
    for (int i = 0; i < answers.size(); i++) {
      writes.get(i).answer().complete(answers.get(i));
    }
    published.wake().forEach(this::wake);
  }

  private void wake(Runnable ready) {
    try {
      ready.run();
    } catch (RuntimeException e) {
      options.failures().failed("store/watch", e);
    }
  }

  private void compact(Request.Compact request) {
    long upTo = Math.min(request.revision(), state.revision());
    histories.compact(upTo).forEach(garbage::add);
    histories.tables().forEach(table -> garbage.raise(table, upTo));
    try {
      journal.append(List.of(), garbage);
      garbage = new Garbage();
      request.answer().complete(true);
    } catch (StoreException e) {
      refuse(List.of(request), e);
    }
  }

  /**
   * Finishes what is queued, then ends the watches and lets go of the medium. Not to be called from
   * a callback of the writer.
   */
  @Override
  public void close() {
    queue.close();
    joinWriter();
    scope.close();
    histories.close().forEach(this::wake);
    journal.close();
  }

  /** Waits also when interrupted: the medium must not go while the writer uses it. */
  private void joinWriter() {
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
