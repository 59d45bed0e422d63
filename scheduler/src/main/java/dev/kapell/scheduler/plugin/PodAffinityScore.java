package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.WeightedPodAffinityTerm;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Preferred affinity to and anti-affinity against other pods, scaled to the best and the worst. */
final class PodAffinityScore implements Score {
  private record Domain(String key, String value) {}

  @Override
  public Points prepare(Demand demand, View view) {
    Affinity affinity = demand.affinity();
    if (affinity == null
        || (affinity.podAffinity() == null && affinity.podAntiAffinity() == null)) {
      return Points.NONE;
    }
    Map<Domain, Long> weights = new HashMap<>();
    if (affinity.podAffinity() != null) {
      var terms = affinity.podAffinity().preferredDuringSchedulingIgnoredDuringExecution();
      weigh(terms, 1, demand, view, weights);
    }
    if (affinity.podAntiAffinity() != null) {
      var terms = affinity.podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution();
      weigh(terms, -1, demand, view, weights);
    }
    if (weights.isEmpty()) {
      return Points.NONE;
    }
    double[] ends = {Double.MAX_VALUE, -Double.MAX_VALUE};
    view.cluster()
        .forEachRow(
            row -> {
              double sum = sum(weights, view, row);
              ends[0] = Math.min(ends[0], sum);
              ends[1] = Math.max(ends[1], sum);
            });
    double span = ends[1] - ends[0];
    return row -> span == 0 ? 0 : 100 * (sum(weights, view, row) - ends[0]) / span;
  }

  private static void weigh(
      List<WeightedPodAffinityTerm> terms,
      int sign,
      Demand demand,
      View view,
      Map<Domain, Long> weights) {
    Cluster cluster = view.cluster();
    for (WeightedPodAffinityTerm weighted : terms) {
      var term = weighted.podAffinityTerm();
      if (term == null) {
        continue;
      }
      String key = term.topologyKeyOr("");
      cluster.forEachRow(
          row -> {
            String value = Terms.domain(view, row, key);
            if (value == null) {
              return;
            }
            long about =
                cluster.pods(row).stream()
                    .filter(
                        placed ->
                            Terms.isAbout(
                                term, demand.namespace(), demand.labels(), placed.pod(), view))
                    .count();
            if (about > 0) {
              weights.merge(new Domain(key, value), sign * about * weighted.weightOr(1), Long::sum);
            }
          });
    }
  }

  private static double sum(Map<Domain, Long> weights, View view, int row) {
    double sum = 0;
    for (Map.Entry<Domain, Long> entry : weights.entrySet()) {
      Domain domain = entry.getKey();
      if (domain.value().equals(Terms.domain(view, row, domain.key()))) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  @Override
  public int weight() {
    return 2;
  }
}
