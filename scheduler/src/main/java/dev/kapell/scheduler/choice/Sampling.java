package dev.kapell.scheduler.choice;

/**
 * Among how many nodes the best is sought: as Kubernetes has it, but without a word of the operator
 * never more than a fixed number, so that a placement costs the same in a cluster of any size.
 * Pure.
 */
final class Sampling {
  private static final int LEAST_NODES = 100;
  private static final int LEAST_PERCENT = 5;
  private static final int MOST_NODES = 500;

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
    int enough = Math.max(LEAST_NODES, (int) ((long) nodes * share / 100));
    return percentage > 0 ? enough : Math.min(MOST_NODES, enough);
  }
}
