package dev.kapell.node.pod;

/** Wakes one thread; wakes that come while it is awake are one. */
final class Signal {
  private boolean raised;

  synchronized void raise() {
    raised = true;
    notifyAll();
  }

  /** Returns at once when it was raised since the last call. */
  synchronized void await() throws InterruptedException {
    while (!raised) {
      wait();
    }
    raised = false;
  }
}
