package dev.kapell.app.scheduling;

import dev.kapell.apiserver.tree.Settings;
import dev.kapell.scheduler.plugin.Arguments;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.profile.Profile.PreemptionArguments;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one profile: which plugins work in it, and with which arguments. One use. */
final class ProfileReader {
  private static final String PREEMPTION = "DefaultPreemption";

  /** Plugins that are how the scheduler works; they may be named, but not left out. */
  private static final Set<String> FIXED =
      Set.of("SchedulingGates", "PrioritySort", "NodeName", "DefaultBinder");

  private static final List<String> OTHER_POINTS =
      List.of(
          "preEnqueue",
          "queueSort",
          "preFilter",
          "preScore",
          "reserve",
          "permit",
          "preBind",
          "bind",
          "postBind");

  private final Set<String> filters = new LinkedHashSet<>(Plugins.filterNames());
  private final Map<String, Integer> weights = new HashMap<>(Plugins.scoreWeights());
  private boolean preempts = true;

  private ProfileReader() {}

  /**
   * Reads a profile.
   *
   * @param percentage of nodes to score, where the profile does not say
   * @param ignored resources that do not have to be there
   */
  static Profile read(Settings profile, int percentage, Set<String> ignored) {
    profile.only("schedulerName", "percentageOfNodesToScore", "plugins", "pluginConfig");
    ProfileReader reader = new ProfileReader();
    reader.plugins(profile.child("plugins"));
    ArgumentsReader arguments = new ArgumentsReader(ignored);
    Set<String> named = new HashSet<>();
    for (Settings config : profile.list("pluginConfig")) {
      String name = config.only("name", "args").text("name");
      if (!named.add(name)) {
        throw config.invalid("name", "is configured twice: " + name);
      }
      arguments.read(name, config);
    }
    String name = profile.text("schedulerName");
    Arguments read = arguments.arguments();
    return new Profile(
        name.isEmpty() ? Profile.DEFAULT_NAME : name,
        Plugins.of(read, reader.filters, reader.weights),
        profile.number("percentageOfNodesToScore", 0, 100, percentage),
        reader.preempts ? Optional.of(arguments.preemption()) : Optional.empty());
  }

  static PreemptionArguments preemption(Settings args) {
    args.only("apiVersion", "kind", "minCandidateNodesPercentage", "minCandidateNodesAbsolute");
    return new PreemptionArguments(
        args.number("minCandidateNodesPercentage", 0, 100, 10),
        args.number("minCandidateNodesAbsolute", 0, Integer.MAX_VALUE, 100));
  }

  private void plugins(Settings plugins) {
    for (String point : OTHER_POINTS) {
      if (plugins.has(point)) {
        throw plugins.invalid(
            point,
            "is no step of its own here: a plugin works or does not; name it under multiPoint,"
                + " filter, score or postFilter");
      }
    }
    plugins.only("multiPoint", "filter", "score", "postFilter");
    for (String point : List.of("multiPoint", "filter", "score", "postFilter")) {
      Settings set = plugins.child(point).only("enabled", "disabled");
      for (Settings disabled : set.list("disabled")) {
        disable(point, disabled.only("name", "weight"));
      }
      for (Settings enabled : set.list("enabled")) {
        enable(point, enabled.only("name", "weight"));
      }
    }
  }

  private void disable(String point, Settings plugin) {
    String name = plugin.text("name");
    boolean all = name.equals("*");
    if (!all) {
      requireKnown(plugin, name);
      if (FIXED.contains(name)) {
        throw plugin.invalid("name", name + " cannot be disabled: it is how the scheduler works");
      }
    }
    boolean everywhere = point.equals("multiPoint");
    if (everywhere || point.equals("filter")) {
      filters.removeIf(filter -> all || filter.equals(name));
    }
    if (everywhere || point.equals("score")) {
      weights.keySet().removeIf(score -> all || score.equals(name));
    }
    if (everywhere || point.equals("postFilter")) {
      preempts &= !all && !name.equals(PREEMPTION);
    }
  }

  private void enable(String point, Settings plugin) {
    String name = plugin.text("name");
    requireKnown(plugin, name);
    int weight = plugin.number("weight", 0, 100, 0);
    boolean everywhere = point.equals("multiPoint");
    if ((everywhere || point.equals("filter")) && Plugins.filterNames().contains(name)) {
      filters.add(name);
    }
    Integer usual = Plugins.scoreWeights().get(name);
    if ((everywhere || point.equals("score")) && usual != null) {
      weights.put(name, weight > 0 ? weight : usual);
    }
    if (everywhere || point.equals("postFilter")) {
      preempts |= name.equals(PREEMPTION);
    }
  }

  private static void requireKnown(Settings plugin, String name) {
    Set<String> known = new TreeSet<>(Plugins.filterNames());
    known.addAll(Plugins.scoreWeights().keySet());
    known.addAll(FIXED);
    known.add(PREEMPTION);
    if (!known.contains(name)) {
      throw plugin.invalid(
          "name", "is no plugin that is known: \"" + name + "\"; there are " + known);
    }
  }
}
