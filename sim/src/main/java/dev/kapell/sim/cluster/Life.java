package dev.kapell.sim.cluster;

import dev.kapell.store.StoreException;

/** Whether a process still lives, and after how many writes it dies. */
final class Life {
  private final Runnable died;
  private long writesLeft = Long.MAX_VALUE;
  private boolean dead;

  /** {@code died} is called once, at the moment of death, by whoever wrote last. */
  Life(Runnable died) {
    this.died = died;
  }

  void dieAfter(int writes) {
    writesLeft = writes;
  }

  void requireAlive() {
    if (dead) {
      throw new StoreException("this process has crashed");
    }
  }

  /** A write is durable; its writer may not live to learn of it. */
  void wrote() {
    if (!dead && --writesLeft <= 0) {
      die();
    }
    requireAlive();
  }

  void die() {
    if (!dead) {
      dead = true;
      died.run();
    }
  }
}
