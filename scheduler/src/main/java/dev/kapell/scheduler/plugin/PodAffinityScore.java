package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Counted;
import dev.kapell.scheduler.cluster.NodeGroup;
import dev.kapell.scheduler.cluster.Tally;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.PlacedTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Preferred affinity to and anti-affinity against other pods, and that of placed pods to this one,
 * scaled to the best and the worst.
 *
 * @param arguments how much the required affinity of placed pods counts
 */
record PodAffinityScore(AffinityArguments arguments) implements Score {
  private record Part(Tally tally, double weight) {}

  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    List<Part> parts = new ArrayList<>();
    for (PlacedTerm term : demand.terms()) {
      if (term.weight() > 0) {
        Counted.Matching pods = new Counted.Matching(List.of(term.pods()), false);
        Tally tally = cluster.tally(pods, term.topologyKey(), NodeGroup.ALL);
        parts.add(new Part(tally, worth(term)));
      }
    }
    if (!arguments.ignorePreferredTermsOfExistingPods() || !parts.isEmpty()) {
      for (Map.Entry<PlacedTerm, Tally> stated : cluster.termsAbout(demand.kin()).entrySet()) {
        double worth = worth(stated.getKey());
        if (worth != 0) {
          parts.add(new Part(stated.getValue(), worth));
        }
      }
    }
    return parts.isEmpty() ? Points.NONE : new Sum(parts.toArray(Part[]::new));
  }

  private double worth(PlacedTerm term) {
    return switch (term.kind()) {
      case RATHER_NEAR -> term.weight();
      case RATHER_FAR -> -term.weight();
      case NEAR -> arguments.hardPodAffinityWeight();
      case FAR -> 0;
    };
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  private static final class Sum implements Points {
    private final Part[] parts;

    Sum(Part[] parts) {
      this.parts = parts;
    }

    @Override
    public double of(int row) {
      double sum = 0;
      for (Part part : parts) {
        sum += part.weight() * part.tally().at(row);
      }
      return sum;
    }

    @Override
    public void scale(double[] values, int count) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        least = Math.min(least, values[i]);
        most = Math.max(most, values[i]);
      }
      for (int i = 0; i < count; i++) {
        values[i] = most == least ? 0 : 100 * (values[i] - least) / (most - least);
      }
    }
  }
}
