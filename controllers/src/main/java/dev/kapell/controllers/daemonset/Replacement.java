package dev.kapell.controllers.daemonset;

import dev.kapell.api.core.v1.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which old pods of a DaemonSet go next, and where a new one comes before the old one goes. Pods
 * that do not work serve nobody, and are replaced whatever the budget says. Pure.
 *
 * @param goes the pods to delete
 * @param comes the nodes that get a new pod beside the old one
 */
record Replacement(List<Pod> goes, List<String> comes) {
  /** The old pod goes first; at most {@code most} nodes are without a working one. */
  static Replacement byUnavailability(
      Collection<OnNode> nodes, Set<String> doomed, Predicate<Pod> works, int most) {
    int unavailable = 0;
    List<Pod> broken = new ArrayList<>();
    List<Pod> working = new ArrayList<>();
    for (OnNode on : nodes) {
      if (!on.runs()) {
        continue;
      }
      List<Pod> current = OnNode.alive(on.current(), doomed);
      List<Pod> old = OnNode.alive(on.old(), doomed);
      if (!current.isEmpty()) {
        unavailable += works.test(current.getFirst()) ? 0 : 1;
      } else if (old.isEmpty()) {
        unavailable++;
      } else if (works.test(old.getFirst())) {
        working.add(old.getFirst());
      } else {
        unavailable++;
        broken.add(old.getFirst());
      }
    }
    int allowed = Math.max(0, Math.max(1, most) - unavailable);
    broken.addAll(working.subList(0, Math.min(allowed, working.size())));
    return new Replacement(broken, List.of());
  }

  /** The new pod comes first, on {@code most} nodes at once; the old one goes when it works. */
  static Replacement bySurge(
      Collection<OnNode> nodes, Set<String> doomed, Predicate<Pod> works, int most) {
    int surging = 0;
    List<Pod> goes = new ArrayList<>();
    List<String> comes = new ArrayList<>();
    List<String> candidates = new ArrayList<>();
    for (OnNode on : nodes) {
      List<Pod> current = OnNode.alive(on.current(), doomed);
      List<Pod> old = OnNode.alive(on.old(), doomed);
      if (old.isEmpty() || !on.runs()) {
        continue;
      }
      if (current.isEmpty()) {
        (works.test(old.getFirst()) ? candidates : comes).add(on.name());
      } else if (works.test(current.getFirst())) {
        goes.add(old.getFirst());
      } else {
        surging++;
      }
    }
    int allowed = Math.max(0, most - surging);
    comes.addAll(candidates.subList(0, Math.min(allowed, candidates.size())));
    return new Replacement(goes, comes);
  }
}
