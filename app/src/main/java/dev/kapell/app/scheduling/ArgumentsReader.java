package dev.kapell.app.scheduling;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.JsonReader;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.scheduler.plugin.AffinityArguments;
import dev.kapell.scheduler.plugin.Arguments;
import dev.kapell.scheduler.plugin.FitArguments;
import dev.kapell.scheduler.plugin.FitArguments.Point;
import dev.kapell.scheduler.plugin.FitArguments.Weighted;
import dev.kapell.scheduler.plugin.SpreadArguments;
import dev.kapell.scheduler.profile.Profile.PreemptionArguments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the arguments of plugins. One use. */
final class ArgumentsReader {
  private static final Set<String> WITHOUT =
      Set.of("VolumeBinding", "DynamicResources", "TaintToleration", "ImageLocality");

  private final Set<String> ignored;
  private Arguments arguments = Arguments.DEFAULT;
  private PreemptionArguments preemption = PreemptionArguments.DEFAULT;

  ArgumentsReader(Set<String> ignored) {
    this.ignored = ignored;
    if (!ignored.isEmpty()) {
      arguments =
          arguments.withFit(new FitArguments(ignored, Set.of(), FitArguments.DEFAULT.strategy()));
    }
  }

  Arguments arguments() {
    return arguments;
  }

  PreemptionArguments preemption() {
    return preemption;
  }

  void read(String plugin, Settings config) {
    Settings args = config.child("args");
    switch (plugin) {
      case "DefaultPreemption" -> preemption = ProfileReader.preemption(args);
      case "InterPodAffinity" -> affinity(args);
      case "NodeAffinity" -> nodes(args);
      case "NodeResourcesBalancedAllocation" ->
          arguments =
              arguments.withBalanced(resources(args.only("apiVersion", "kind", "resources")));
      case "NodeResourcesFit" -> fit(args);
      case "PodTopologySpread" -> spread(args);
      default ->
          throw config.invalid(
              "name",
              WITHOUT.contains(plugin)
                  ? plugin + " takes no arguments here; remove it"
                  : "is no plugin that takes arguments: \"" + plugin + "\"");
    }
  }

  private void affinity(Settings args) {
    args.only("apiVersion", "kind", "hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods");
    arguments =
        arguments.withAffinity(
            new AffinityArguments(
                args.number("hardPodAffinityWeight", 0, 100, 1),
                args.flag("ignorePreferredTermsOfExistingPods", false)));
  }

  private void nodes(Settings args) {
    args.only("apiVersion", "kind", "addedAffinity");
    if (args.has("addedAffinity")) {
      arguments =
          arguments.withAdded(
              decode(NodeAffinity.CODEC, args.child("addedAffinity"), args, "addedAffinity"));
    }
  }

  private static <T> T decode(JsonReader<T> reader, Settings tree, Settings at, String field) {
    try {
      return JsonCodec.fromTree(reader, tree.tree(), UnknownFields.STRICT).value();
    } catch (DecodeException e) {
      throw at.invalid(field, "cannot be read: " + e.getMessage());
    }
  }

  private void fit(Settings args) {
    args.only("apiVersion", "kind", "ignoredResources", "ignoredResourceGroups", "scoringStrategy");
    Set<String> without = new HashSet<>(ignored);
    without.addAll(args.texts("ignoredResources"));
    arguments =
        arguments.withFit(
            new FitArguments(
                without,
                Set.copyOf(args.texts("ignoredResourceGroups")),
                strategy(args.child("scoringStrategy"))));
  }

  private static FitArguments.Strategy strategy(Settings strategy) {
    strategy.only("type", "resources", "requestedToCapacityRatio");
    List<Weighted> resources = resources(strategy);
    String type = strategy.text("type");
    return switch (type) {
      case "", "LeastAllocated" -> new FitArguments.LeastAllocated(resources);
      case "MostAllocated" -> new FitArguments.MostAllocated(resources);
      case "RequestedToCapacityRatio" ->
          new FitArguments.RequestedToCapacityRatio(
              resources, shape(strategy.child("requestedToCapacityRatio").only("shape")));
      default ->
          throw strategy.invalid(
              "type", "must be LeastAllocated, MostAllocated or RequestedToCapacityRatio");
    };
  }

  private static List<Weighted> resources(Settings settings) {
    List<Weighted> resources = new ArrayList<>();
    for (Settings resource : settings.list("resources")) {
      String name = resource.only("name", "weight").text("name");
      if (name.isEmpty()) {
        throw resource.invalid("name", "is required");
      }
      resources.add(new Weighted(name, resource.number("weight", 1, 100, 1)));
    }
    return resources.isEmpty() ? Weighted.CPU_AND_MEMORY : resources;
  }

  private static List<Point> shape(Settings ratio) {
    List<Point> shape = new ArrayList<>();
    int last = -1;
    for (Settings point : ratio.list("shape")) {
      point.only("utilization", "score");
      int utilization = point.number("utilization", 0, 100, 0);
      if (utilization <= last) {
        throw point.invalid("utilization", "must be greater than that of the point before");
      }
      last = utilization;
      shape.add(new Point(utilization, point.number("score", 0, 10, 0)));
    }
    if (shape.isEmpty()) {
      throw ratio.invalid("shape", "must have at least one point");
    }
    return shape;
  }

  private void spread(Settings args) {
    args.only("apiVersion", "kind", "defaultConstraints", "defaultingType");
    List<TopologySpreadConstraint> constraints = new ArrayList<>();
    for (Settings constraint : args.list("defaultConstraints")) {
      constraint.only("maxSkew", "topologyKey", "whenUnsatisfiable");
      if (constraint.text("topologyKey").isEmpty()) {
        throw constraint.invalid("topologyKey", "is required");
      }
      String otherwise = constraint.text("whenUnsatisfiable");
      if (!Set.of("DoNotSchedule", "ScheduleAnyway").contains(otherwise)) {
        throw constraint.invalid("whenUnsatisfiable", "must be DoNotSchedule or ScheduleAnyway");
      }
      constraints.add(
          TopologySpreadConstraint.builder()
              .maxSkew(constraint.number("maxSkew", 1, Integer.MAX_VALUE, 1))
              .topologyKey(constraint.text("topologyKey"))
              .whenUnsatisfiable(otherwise)
              .build());
    }
    switch (args.text("defaultingType")) {
      case "", "System" -> {
        if (!constraints.isEmpty()) {
          throw args.invalid("defaultingType", "when System, defaultConstraints must be empty");
        }
      }
      case "List" -> arguments = arguments.withSpread(new SpreadArguments(constraints, true));
      default -> throw args.invalid("defaultingType", "must be System or List");
    }
  }
}
