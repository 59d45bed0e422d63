package dev.kapell.scheduler.choice;

/** Among how many nodes the best is sought, as Kubernetes has it. Pure. */
final class Sampling {
  private static final int LEAST_NODES = 100;
  private static final int LEAST_PERCENT = 5;

  private Sampling() {}

  /**
   * How many nodes that fit are enough.
   *
   * @param percentage of all; 0: the more nodes, the less of them
   */
  static int enough(int nodes, int percentage) {
    if (nodes < LEAST_NODES || percentage >= 100) {
      return nodes;
    }
    int share = percentage > 0 ? percentage : Math.max(LEAST_PERCENT, 50 - nodes / 125);
    return Math.max(LEAST_NODES, (int) ((long) nodes * share / 100));
  }
}
