package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.ReplicaSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Deployment whose number of replicas has changed, perhaps in the middle of a rollout: each
 * active ReplicaSet grows or shrinks in proportion. Pure.
 */
final class Resize {
  private Resize() {}

  /** Some active ReplicaSet was scaled for another number than is wanted now. */
  static boolean isDue(Fleet fleet, Limits limits) {
    return fleet.all().stream()
        .filter(Fleet::isActive)
        .map(Revisions::desired)
        .anyMatch(desired -> desired >= 0 && desired != limits.replicas());
  }

  /** The new sizes of those ReplicaSets that change. */
  static Map<ReplicaSet, Integer> sizes(Fleet fleet, Limits limits, boolean rolling) {
    List<ReplicaSet> active = fleet.all().stream().filter(Fleet::isActive).toList();
    if (active.size() <= 1) {
      return single(fleet, active, limits);
    }
    if (fleet.current().map(set -> isSaturated(set, limits)).orElse(false)) {
      Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
      fleet.activeOld().forEach(set -> sizes.put(set, 0));
      return sizes;
    }
    return rolling ? proportional(active, fleet, limits) : Map.of();
  }

  private static Map<ReplicaSet, Integer> single(
      Fleet fleet, List<ReplicaSet> active, Limits limits) {
    Optional<ReplicaSet> target =
        active.isEmpty()
            ? fleet.current().or(() -> fleet.old().stream().max(Fleet.OLDEST_FIRST))
            : Optional.of(active.getFirst());
    return target.map(set -> Map.of(set, limits.replicas())).orElse(Map.of());
  }

  private static boolean isSaturated(ReplicaSet set, Limits limits) {
    return Fleet.wanted(set) == limits.replicas()
        && Revisions.desired(set) == limits.replicas()
        && Fleet.available(set) == limits.replicas();
  }

  private static Map<ReplicaSet, Integer> proportional(
      List<ReplicaSet> active, Fleet fleet, Limits limits) {
    int allowed = limits.replicas() > 0 ? limits.most() : 0;
    int missing = allowed - active.stream().mapToInt(Fleet::wanted).sum();
    List<ReplicaSet> sorted = new ArrayList<>(active);
    Comparator<ReplicaSet> age = missing > 0 ? Fleet.OLDEST_FIRST.reversed() : Fleet.OLDEST_FIRST;
    sorted.sort(Comparator.comparingInt((ReplicaSet s) -> -Fleet.wanted(s)).thenComparing(age));
    Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
    int added = 0;
    for (ReplicaSet set : sorted) {
      int part = missing == 0 ? 0 : part(set, fleet, limits, missing - added);
      sizes.put(set, Fleet.wanted(set) + part);
      added += part;
    }
    ReplicaSet first = sorted.getFirst();
    int leftover = missing - added;
    sizes.merge(first, leftover, (size, rest) -> Math.max(0, size + rest));
    spareAvailable(sizes, limits);
    return sizes;
  }

  /**
   * In a shrunk rollout what does not serve goes before what does, as far as the budget asks for
   * it: the room of pods that do not serve is left to those that do. Kubernetes does without.
   */
  private static void spareAvailable(Map<ReplicaSet, Integer> sizes, Limits limits) {
    for (ReplicaSet idle : List.copyOf(sizes.keySet())) {
      for (ReplicaSet serving : List.copyOf(sizes.keySet())) {
        int kept = sizes.entrySet().stream().mapToInt(Resize::available).sum();
        int moved =
            Math.min(
                limits.fewestAvailable() - kept,
                Math.min(
                    sizes.getOrDefault(idle, 0) - Fleet.available(idle),
                    Fleet.available(serving) - sizes.getOrDefault(serving, 0)));
        if (moved > 0) {
          sizes.merge(idle, -moved, Integer::sum);
          sizes.merge(serving, moved, Integer::sum);
        }
      }
    }
  }

  private static int available(Map.Entry<ReplicaSet, Integer> sized) {
    return Math.min(Fleet.available(sized.getKey()), sized.getValue());
  }

  /** This one's part of the change, never more than is left of it. */
  private static int part(ReplicaSet set, Fleet fleet, Limits limits, int left) {
    int size = Fleet.wanted(set);
    int share = -size;
    if (limits.replicas() > 0) {
      int before = Revisions.most(set);
      if (before <= 0) {
        before = Math.max(1, fleet.deployment().status().replicasOr(1));
      }
      share = (int) Math.round((double) size * limits.most() / before) - size;
    }
    return left > 0 ? Math.min(Math.max(0, share), left) : Math.max(Math.min(0, share), left);
  }
}
