package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;

/**
 * Topology spread constraints that are only wished for: the emptier the domain, the better, and the
 * more domains there are, the more it counts.
 *
 * @param arguments for pods that have none of their own
 */
record SpreadScore(SpreadArguments arguments) implements Score {
  @Override
  public String name() {
    return "PodTopologySpread";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    Spread.All all = Spread.of(demand, view, arguments, Spread.WISHED);
    return all.spreads().isEmpty() ? Points.NONE : new Emptiness(all, weights(all));
  }

  private static double[] weights(Spread.All all) {
    return all.spreads().stream()
        .mapToDouble(spread -> Math.log(spread.tally().domainCount() + 2.0))
        .toArray();
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  /** Counts pods; NaN stands for a node that has not all the labels. */
  private static final class Emptiness implements Points {
    private final Spread.All all;
    private final double[] weights;

    Emptiness(Spread.All all, double[] weights) {
      this.all = all;
      this.weights = weights;
    }

    @Override
    public double of(int row) {
      if (all.needsLabels() && !all.hasLabels(row)) {
        return Double.NaN;
      }
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        Spread spread = all.spreads().get(i);
        if (spread.tally().hasDomain(row)) {
          sum += spread.tally().at(row) * weights[i] + spread.constraint().maxSkewOr(1) - 1;
        }
      }
      return sum;
    }

    @Override
    public void scale(double[] values, int count) {
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      for (int i = 0; i < count; i++) {
        if (!Double.isNaN(values[i])) {
          least = Math.min(least, values[i]);
          most = Math.max(most, values[i]);
        }
      }
      for (int i = 0; i < count; i++) {
        if (Double.isNaN(values[i])) {
          values[i] = 0;
        } else {
          values[i] = most == 0 ? 100 : 100 * (most + least - values[i]) / most;
        }
      }
    }
  }
}
