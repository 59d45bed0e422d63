package dev.kapell.scheduler.why;

import dev.kapell.api.core.v1.Node;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that has to happen so that a pod fits on one node.
 *
 * @param node its name
 * @param steps all of them together suffice
 */
public record Remedy(String node, List<String> steps) {
  private static final int MOST = 3;

  /** Copies. */
  public Remedy {
    steps = List.copyOf(steps);
  }

  /** One for each kind of refusal, the closest node of that kind, what got furthest first. */
  static List<Remedy> of(Survey survey, Demand demand, Plugins plugins, View view) {
    Map<Integer, List<Survey.Refusal>> byFilter = new LinkedHashMap<>();
    survey.refusals().stream()
        .sorted((one, other) -> Integer.compare(other.filter(), one.filter()))
        .forEach(
            refusal ->
                byFilter.computeIfAbsent(refusal.filter(), f -> new ArrayList<>()).add(refusal));
    return byFilter.values().stream()
        .limit(MOST)
        .flatMap(group -> Closest.among(group, demand, plugins, view).stream())
        .map(closest -> at(closest, demand, view.cluster()))
        .toList();
  }

  private static Remedy at(Closest closest, Demand demand, Cluster cluster) {
    Node node = Objects.requireNonNull(cluster.node(cluster.row(closest.node()).orElseThrow()));
    List<String> steps = new ArrayList<>();
    closest.lacks().forEach(lack -> steps.add(Advice.remedy(lack)));
    closest.reasons().stream()
        .map(reason -> Advice.remedy(reason, demand, node))
        .filter(step -> !step.isEmpty() && !steps.contains(step))
        .forEach(steps::add);
    return new Remedy(closest.node(), steps);
  }
}
