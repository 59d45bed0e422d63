package dev.kapell.control.loop;

import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;

/**
 * What a loop works with.
 *
 * @param client for the rare direct read; writes go through plans
 * @param caches shared by the process
 * @param events this component's recorder
 * @param clock the only source of time
 */
public record LoopContext(Client client, Caches caches, EventRecorder events, Clock clock) {
  /** An applier that writes as this context's client. */
  public Applier applier() {
    return new Applier(client, caches, events, clock);
  }

  /** A loop that observes, decides and applies. */
  public <K, O> ControlLoop<K> planned(String name, Planner<K, O> planner) {
    return ControlLoop.planned(name, clock, applier(), planner);
  }
}
