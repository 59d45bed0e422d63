package dev.kapell.scheduler.why;

import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.Score;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good a node is for a demand.
 *
 * @param node its name
 * @param total the sum by which nodes are compared
 * @param parts what each score adds to it, in the order in which they are asked
 */
public record Scored(String node, double total, Map<String, Double> parts) {
  /** The nodes of {@code rows}, the best first. */
  public static List<Scored> of(List<Integer> rows, Demand demand, Plugins plugins, View view) {
    List<Map<String, Double>> parts = new ArrayList<>();
    rows.forEach(row -> parts.add(new LinkedHashMap<>()));
    for (Score score : plugins.scores()) {
      Score.Points points = score.prepare(demand, view);
      if (!points.equals(Score.Points.NONE)) {
        double[] values = rows.stream().mapToDouble(points::of).toArray();
        points.scale(values, values.length);
        for (int i = 0; i < values.length; i++) {
          parts.get(i).put(score.name(), score.weight() * values[i]);
        }
      }
    }
    List<Scored> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      double total = parts.get(i).values().stream().mapToDouble(Double::doubleValue).sum();
      String name = view.cluster().nodeOf(rows.get(i)).metadata().nameOr("");
      all.add(new Scored(name, total, parts.get(i)));
    }
    all.sort(Comparator.comparingDouble((Scored s) -> -s.total()).thenComparing(Scored::node));
    return all;
  }
}
