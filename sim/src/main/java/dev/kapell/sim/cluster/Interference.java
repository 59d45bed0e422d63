package dev.kapell.sim.cluster;

import dev.kapell.client.Client;
import dev.kapell.store.Store;

/**
 * What stands between the parts of a control plane and spoils what passes: how a bug that nobody
 * has written yet is put in on purpose. Usually nothing.
 */
public interface Interference {
  /** Nothing is spoiled. */
  Interference NONE = new Interference() {};

  /** The client as the controllers see it. */
  default Client forControllers(Client client) {
    return client;
  }

  /** The client as the scheduler sees it. */
  default Client forScheduler(Client client) {
    return client;
  }

  /** The client as those see it who work with the cluster. */
  default Client forUsers(Client client) {
    return client;
  }

  /** The store as the API server sees it. */
  default Store forServer(Store store) {
    return store;
  }
}
