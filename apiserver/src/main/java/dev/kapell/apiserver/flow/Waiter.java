package dev.kapell.apiserver.flow;

import java.util.concurrent.CountDownLatch;

/** A request that waits for seats. */
final class Waiter {
  private final String flow;
  private final int seats;
  private final CountDownLatch granted = new CountDownLatch(1);

  Waiter(String flow, int seats) {
    this.flow = flow;
    this.seats = seats;
  }

  /** Whose it is. */
  String flow() {
    return flow;
  }

  /** How many it needs. */
  int seats() {
    return seats;
  }

  /** Open once it has them. */
  CountDownLatch granted() {
    return granted;
  }
}
