package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Counted;
import dev.kapell.scheduler.cluster.NodeGroup;
import dev.kapell.scheduler.cluster.Tally;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.PlacedTerm;
import dev.kapell.scheduler.demand.PlacedTerm.Kind;
import dev.kapell.scheduler.demand.PodTerm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Required affinity to and anti-affinity against other pods, and the anti-affinity that placed pods
 * have against this one.
 */
final class PodAffinityFilter implements Filter {
  private static final List<String> NO_AFFINITY =
      List.of("node(s) didn't match pod affinity rules");
  private static final List<String> ANTI_AFFINITY =
      List.of("node(s) didn't match pod anti-affinity rules");
  private static final List<String> REPELLED =
      List.of("node(s) didn't satisfy existing pods anti-affinity rules");

  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    Map<PlacedTerm, Tally> statedAbout = cluster.termsAbout(demand.kin());
    if (demand.terms().isEmpty() && statedAbout.isEmpty()) {
      return Check.PASS;
    }
    List<PlacedTerm> near = terms(demand, Kind.NEAR);
    List<PodTerm> company = near.stream().map(PlacedTerm::pods).toList();
    // A pod is company only if all the terms are about it.
    Tally[] together =
        near.stream().map(term -> tally(cluster, company, term)).toArray(Tally[]::new);
    List<Tally> apart = new ArrayList<>();
    for (PlacedTerm term : terms(demand, Kind.FAR)) {
      apart.add(tally(cluster, List.of(term.pods()), term));
    }
    List<Tally> repelling = new ArrayList<>();
    for (Map.Entry<PlacedTerm, Tally> stated : statedAbout.entrySet()) {
      if (stated.getKey().kind() == Kind.FAR) {
        repelling.add(stated.getValue());
      }
    }
    if (together.length == 0 && apart.isEmpty() && repelling.isEmpty()) {
      return Check.PASS;
    }
    Tally[] own = apart.toArray(Tally[]::new);
    Tally[] others = repelling.toArray(Tally[]::new);
    boolean first = isFirst(together, company, demand, view);
    return row -> {
      if (!isTogether(together, first, row)) {
        return NO_AFFINITY;
      }
      if (isAny(own, row)) {
        return ANTI_AFFINITY;
      }
      return isAny(others, row) ? REPELLED : List.of();
    };
  }

  private static Tally tally(Cluster cluster, List<PodTerm> pods, PlacedTerm term) {
    return cluster.tally(new Counted.Matching(pods, false), term.topologyKey(), NodeGroup.ALL);
  }

  static List<PlacedTerm> terms(Demand demand, Kind kind) {
    return demand.terms().stream().filter(term -> term.kind() == kind).toList();
  }

  /** The first pod of a group that wants to be together would else wait for ever. */
  private static boolean isFirst(
      Tally[] together, List<PodTerm> company, Demand demand, View view) {
    return together.length > 0
        && Arrays.stream(together).allMatch(tally -> tally.total() == 0)
        && company.stream().allMatch(term -> view.cluster().isAbout(term, demand.kin()));
  }

  private static boolean isTogether(Tally[] together, boolean first, int row) {
    for (Tally tally : together) {
      if (!tally.hasDomain(row) || (!first && tally.at(row) == 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAny(Tally[] tallies, int row) {
    for (Tally tally : tallies) {
      if (tally.at(row) > 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> true;
      case Event.PodPlaced placed -> isWanted(placed.pod(), demand, Kind.NEAR, view);
      case Event.PodGone gone ->
          isWanted(gone.pod(), demand, Kind.FAR, view)
              || isWanted(demand, gone.pod(), Kind.FAR, view);
      case Event.PodRelabelled relabelled ->
          isWanted(relabelled.after(), demand, Kind.NEAR, view)
              || isWanted(relabelled.before(), demand, Kind.FAR, view)
              || isWanted(demand, relabelled.before(), Kind.FAR, view);
      case Event.Unknown unknown -> true;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }

  /** Whether a term of {@code who} is about {@code other}. */
  private static boolean isWanted(Demand other, Demand who, Kind kind, View view) {
    return terms(who, kind).stream()
        .anyMatch(term -> view.cluster().isAbout(term.pods(), other.kin()));
  }
}
