package dev.kapell.scheduler;

import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Why no node fits a demand, in the words that people know from Kubernetes: {@code 0/3 nodes are
 * available: 1 Insufficient cpu, 2 node(s) were unschedulable.}
 *
 * @param sentence ends with a full stop
 * @param helpedRows the rows that removing pods might help
 */
record Explanation(String sentence, int nodes, List<Integer> helpedRows) {
  static Explanation of(Demand demand, Plugins plugins, View view) {
    int nodes = view.cluster().nodeCount();
    if (nodes == 0) {
      return new Explanation("no nodes available to schedule pods", 0, List.of());
    }
    List<Filter> filters = plugins.filters();
    List<Filter.Check> checks = filters.stream().map(f -> f.prepare(demand, view)).toList();
    String head = "0/" + nodes + " nodes are available: ";
    Optional<String> hopeless = checks.stream().flatMap(c -> c.hopeless().stream()).findFirst();
    if (hopeless.isPresent()) {
      return new Explanation(head + hopeless.get() + ".", nodes, List.of());
    }
    Map<String, Integer> counts = new TreeMap<>();
    List<Integer> helped = new ArrayList<>();
    view.cluster()
        .forEachRow(
            row -> {
              for (int i = 0; i < checks.size(); i++) {
                List<String> reasons = checks.get(i).reasons(row);
                if (!reasons.isEmpty()) {
                  reasons.forEach(reason -> counts.merge(reason, 1, Integer::sum));
                  if (filters.get(i).isHelpedByPreemption()) {
                    helped.add(row);
                  }
                  return;
                }
              }
            });
    String parts =
        counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .sorted()
            .collect(Collectors.joining(", "));
    return new Explanation(head + parts + ".", nodes, helped);
  }

  /** With the outcome of the search for pods to make room. */
  String withPreemption(boolean allowed) {
    if (nodes == 0) {
      return sentence;
    }
    if (!allowed) {
      return sentence + " preemption: not eligible due to preemptionPolicy=Never.";
    }
    int helped = helpedRows.size();
    List<String> parts = new ArrayList<>();
    if (helped > 0) {
      parts.add(helped + " No preemption victims found for incoming pod");
    }
    if (nodes > helped) {
      parts.add((nodes - helped) + " Preemption is not helpful for scheduling");
    }
    return sentence
        + " preemption: 0/"
        + nodes
        + " nodes are available: "
        + String.join(", ", parts)
        + ".";
  }
}
