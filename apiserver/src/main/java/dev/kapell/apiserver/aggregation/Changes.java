package dev.kapell.apiserver.aggregation;

import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Event;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Wakes the one who follows when something changed that concerns it. Owned by its task, but for
 * {@link #wake}.
 */
final class Changes implements AutoCloseable {
  private static final int BATCH = 256;

  private final Store store;
  private final Semaphore woken = new Semaphore(0);
  private final Semaphore asked = new Semaphore(0);
  private final List<Followed> followed = new ArrayList<>();

  /** A table, and whether only the namespaces of services count. */
  private static final class Followed {
    private final String table;
    private final boolean services;
    private Cursor cursor;

    Followed(String table, boolean services, Cursor cursor) {
      this.table = table;
      this.services = services;
      this.cursor = cursor;
    }
  }

  Changes(Store store) {
    this.store = store;
    follow(Registrations.TABLE, false);
    follow("services", true);
    follow("discovery.k8s.io/endpointslices", true);
  }

  private void follow(String table, boolean services) {
    followed.add(new Followed(table, services, open(table)));
  }

  private Cursor open(String table) {
    return store.watch(table, "", store.snapshot().revision(), woken::release);
  }

  /** Makes {@link #await} return. From any thread. */
  void wake() {
    asked.release();
    woken.release();
  }

  /** Returns when an APIService changed, a service in {@code namespaces} did, or on a wake. */
  void await(List<String> namespaces) throws InterruptedException {
    while (!concerns(namespaces)) {
      woken.acquire();
      woken.drainPermits();
    }
  }

  private boolean concerns(List<String> namespaces) {
    boolean concerns = asked.drainPermits() > 0;
    for (Followed each : followed) {
      concerns |=
          drain(
              each,
              path ->
                  !each.services
                      || namespaces.contains(path.substring(0, Math.max(0, path.indexOf('/')))));
    }
    return concerns;
  }

  private boolean drain(Followed each, Predicate<String> counts) {
    boolean found = false;
    try {
      List<Event> events = each.cursor.poll(BATCH);
      while (!events.isEmpty()) {
        found |= events.stream().anyMatch(event -> counts.test(event.entry().key().path()));
        events = each.cursor.poll(BATCH);
      }
      return found;
    } catch (CompactedException e) {
      each.cursor.close();
      each.cursor = open(each.table);
      return true;
    }
  }

  @Override
  public void close() {
    followed.forEach(each -> each.cursor.close());
  }
}
