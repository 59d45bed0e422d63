package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.ReplicaSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One step from the old ReplicaSets to the current one: up as far as the surge allows, else down as
 * far as the available pods allow. Pure.
 *
 * <p>Two laws hold over any number of steps: there are never more than {@link Limits#most} pods
 * wanted (unless there were before), and never is a pod that is available given up when fewer than
 * {@link Limits#fewestAvailable} would stay.
 */
final class RollingUpdate {
  private RollingUpdate() {}

  /** The new sizes of those ReplicaSets that change. */
  static Map<ReplicaSet, Integer> step(Fleet fleet, ReplicaSet current, Limits limits) {
    int size = Fleet.wanted(current);
    int grown = grown(fleet, size, limits);
    if (grown != size) {
      return Map.of(current, grown);
    }
    return shrunk(fleet, current, limits);
  }

  /** The size of the current ReplicaSet: down to what is wanted, or up within the surge. */
  static int grown(Fleet fleet, int size, Limits limits) {
    if (size > limits.replicas()) {
      return limits.replicas();
    }
    int room = limits.most() - fleet.wantedPods();
    return room <= 0 ? size : size + Math.min(room, limits.replicas() - size);
  }

  private static Map<ReplicaSet, Integer> shrunk(Fleet fleet, ReplicaSet current, Limits limits) {
    int currentUnavailable = Fleet.wanted(current) - Fleet.staying(current);
    int spare = fleet.wantedPods() - limits.fewestAvailable() - currentUnavailable;
    Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
    if (spare <= 0) {
      return sizes;
    }
    dropUnhealthy(fleet, spare, sizes);
    dropAvailable(fleet, limits, sizes);
    return sizes;
  }

  /** Pods of the old that are not available serve nobody; they go first. */
  private static void dropUnhealthy(Fleet fleet, int spare, Map<ReplicaSet, Integer> sizes) {
    int left = spare;
    for (ReplicaSet set : fleet.activeOld()) {
      int unhealthy = Math.max(0, Fleet.wanted(set) - Fleet.available(set));
      int drop = Math.min(left, unhealthy);
      if (drop > 0) {
        sizes.put(set, Fleet.wanted(set) - drop);
        left -= drop;
      }
    }
  }

  private static void dropAvailable(Fleet fleet, Limits limits, Map<ReplicaSet, Integer> sizes) {
    int left = fleet.stayingPods() - limits.fewestAvailable();
    for (ReplicaSet set : fleet.activeOld()) {
      if (left <= 0) {
        return;
      }
      int size = sizes.getOrDefault(set, Fleet.wanted(set));
      int drop = Math.min(left, size);
      if (drop > 0) {
        sizes.put(set, size - drop);
        left -= drop;
      }
    }
  }
}
