package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.store.Snapshot;

/** Starts watches. */
final class Watches implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private final Storage storage;
  private final Clock clock;
  private final TaskScope pumps =
      new TaskScope("watches", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));

  Watches(Storage storage, Clock clock) {
    this.storage = storage;
    this.clock = clock;
  }

  Answer.Watching watch(ApiRequest request, Row row) {
    RequestOptions options = request.options();
    ListRules.checkWatch(options);
    Selection selection = Selection.of(row, request.target().name(), options);
    boolean initialAsked = options.sendInitialEvents().orElse(false);
    String from = options.resourceVersion();
    boolean initial = options.sendInitialEvents().orElse(from.isEmpty() || from.equals("0"));
    Snapshot snapshot = storage.snapshot();
    if (initialAsked) {
      Reads.notOlder(snapshot, Reads.revision(from));
    }
    String prefix = Reads.prefix(request, row);
    // A watch without initial events and without a revision starts now.
    long after =
        initial || from.isEmpty() || from.equals("0") ? snapshot.revision() : Reads.revision(from);
    StoredWatch stream = new StoredWatch(row, selection, clock, options);
    if (initial) {
      stream.begin(snapshot.list(row.table(), prefix, ""), snapshot.revision(), initialAsked);
    }
    stream.follow(storage.store(), prefix, after);
    return new Answer.Watching(
        row.resource(), row.conversion().isRemote() ? new PumpedWatch(stream, pumps) : stream);
  }

  @Override
  public void close() {
    pumps.close();
  }
}
