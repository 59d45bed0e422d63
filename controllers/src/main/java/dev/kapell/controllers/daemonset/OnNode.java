package dev.kapell.controllers.daemonset;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node and a DaemonSet's pods on it, oldest first.
 *
 * @param node empty when there are pods of a node that is gone
 * @param runs a pod belongs there
 * @param stays a pod that is there may stay
 * @param current pods of the present template
 * @param old pods of earlier ones
 */
record OnNode(
    String name,
    Optional<Node> node,
    boolean runs,
    boolean stays,
    List<Pod> current,
    List<Pod> old) {
  static OnNode of(String name, Optional<Node> node, Placement.Fit fit) {
    return new OnNode(
        name,
        node,
        node.map(fit::shouldRun).orElse(false),
        node.map(fit::mayStay).orElse(false),
        new ArrayList<>(),
        new ArrayList<>());
  }

  boolean isEmpty() {
    return current.isEmpty() && old.isEmpty();
  }

  List<Pod> all() {
    List<Pod> all = new ArrayList<>(old);
    all.addAll(current);
    return all;
  }

  /** Those of {@code pods} that run and are to go on, oldest first. */
  static List<Pod> alive(List<Pod> pods, Set<String> doomed) {
    return pods.stream()
        .filter(p -> Pods.isActive(p) && !doomed.contains(p.metadata().uidOr("")))
        .toList();
  }
}
