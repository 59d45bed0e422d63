package dev.kapell.store;

import java.util.List;

/** A store that ends with its process: for tests and simulated clusters. */
public final class MemoryStore {
  private MemoryStore() {}

  /** An empty store. */
  public static Store open(StoreOptions options) {
    return LogStore.open(new Forgetful(), options);
  }

  private static final class Forgetful implements Journal {
    @Override
    public void load(Replay replay) {
      // There is nothing from before.
    }

    @Override
    public void append(List<Event> events, Garbage garbage) {
      // The tables in memory are all there is.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
