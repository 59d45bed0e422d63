package dev.kapell.control.loop;

import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import java.time.Duration;

/**
 * What a loop works with.
 *
 * @param client for the rare direct read; writes go through plans
 * @param caches shared by the process
 * @param events this component's recorder
 * @param clock the only source of time
 */
public record LoopContext(Client client, Caches caches, EventRecorder events, Clock clock) {
  private static final System.Logger LOG = System.getLogger("kapell.control");
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

  /** An applier that writes as this context's client. */
  public Applier applier() {
    return new Applier(client, caches, events, clock);
  }

  /**
   * A loop that observes, decides and applies. It decides nothing before every cache that has been
   * asked for is complete: on half a picture it would make everything a second time.
   */
  public <K, O> ControlLoop<K> planned(String name, Planner<K, O> planner) {
    return ControlLoop.planned(name, clock, applier(), planner).after(this::awaitCaches);
  }

  /** A loop that does its own writing, with the same wait. */
  public <K> ControlLoop<K> loop(String name, Reconciler<K> reconciler) {
    return ControlLoop.of(name, clock, reconciler).after(this::awaitCaches);
  }

  private void awaitCaches() throws InterruptedException {
    while (!caches.awaitSynced(SYNC_LIMIT)) {
      LOG.log(System.Logger.Level.WARNING, "caches not complete after {0}, waiting on", SYNC_LIMIT);
    }
  }
}
