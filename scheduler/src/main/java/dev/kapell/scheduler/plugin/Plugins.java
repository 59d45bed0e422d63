package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All filters and scores, in the order in which they are asked, which is Kubernetes': of a node
 * that several refuse, the first says why.
 *
 * @param filters every one of them has to let a node pass
 * @param scores are added up by weight
 */
public record Plugins(List<Filter> filters, List<Score> scores) {
  private static final Plugins STANDARD =
      new Plugins(filters(Arguments.DEFAULT), scores(Arguments.DEFAULT));

  /** Copies. */
  public Plugins {
    filters = List.copyOf(filters);
    scores = List.copyOf(scores);
  }

  /** The default rules. */
  public static Plugins standard() {
    return STANDARD;
  }

  /**
   * Some of the rules.
   *
   * @param filters the names of the filters
   * @param weights the names of the scores, with what each counts
   */
  public static Plugins of(Arguments arguments, Set<String> filters, Map<String, Integer> weights) {
    return new Plugins(
        filters(arguments).stream().filter(f -> filters.contains(f.name())).toList(),
        scores(arguments).stream()
            .filter(s -> weights.containsKey(s.name()))
            .map(s -> weighed(s, weights.getOrDefault(s.name(), s.weight())))
            .toList());
  }

  private static List<Filter> filters(Arguments arguments) {
    return List.of(
        new UnschedulableFilter(),
        new TaintFilter(),
        new NodeAffinityFilter(arguments.added()),
        new PortFilter(),
        new ResourceFilter(arguments.fit()),
        new VolumeRestrictionFilter(),
        new VolumeLimitFilter(),
        new VolumeFilter(),
        new VolumeZoneFilter(),
        new SpreadFilter(arguments.spread()),
        new PodAffinityFilter(),
        new DeviceFilter());
  }

  private static List<Score> scores(Arguments arguments) {
    return List.of(
        new TaintScore(),
        new NodeAffinityScore(arguments.added()),
        new ResourceScore(arguments.fit().strategy()),
        new SpreadScore(arguments.spread()),
        new PodAffinityScore(arguments.affinity()),
        new BalancedScore(arguments.balanced()),
        new ImageScore());
  }

  /** The names of all filters. */
  public static Set<String> filterNames() {
    Set<String> names = new LinkedHashSet<>();
    STANDARD.filters().forEach(filter -> names.add(filter.name()));
    return names;
  }

  /** The names of all scores, with what each counts by default. */
  public static Map<String, Integer> scoreWeights() {
    Map<String, Integer> weights = new LinkedHashMap<>();
    STANDARD.scores().forEach(score -> weights.put(score.name(), score.weight()));
    return weights;
  }

  private static Score weighed(Score score, int weight) {
    return score.weight() == weight ? score : new Weighed(score, weight);
  }

  private record Weighed(Score score, int weight) implements Score {
    @Override
    public String name() {
      return score.name();
    }

    @Override
    public Points prepare(Demand demand, View view) {
      return score.prepare(demand, view);
    }

    @Override
    public boolean isLocal() {
      return score.isLocal();
    }
  }
}
