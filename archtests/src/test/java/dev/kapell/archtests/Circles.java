package dev.kapell.archtests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds circles in a graph. */
final class Circles {
  private Circles() {}

  /** The members of every circle, as {@code a → … → a}'s starting points with one way round. */
  static Set<String> in(Map<String, Set<String>> graph) {
    Set<String> circles = new TreeSet<>();
    for (String start : graph.keySet()) {
      for (String next : graph.getOrDefault(start, Set.of())) {
        if (reaches(graph, next, start)) {
          circles.add(start + " → " + next + " → … → " + start);
        }
      }
    }
    return circles;
  }

  private static boolean reaches(Map<String, Set<String>> graph, String from, String to) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(from);
    while (!open.isEmpty()) {
      String here = open.poll();
      if (here.equals(to)) {
        return true;
      }
      if (seen.add(here)) {
        open.addAll(graph.getOrDefault(here, Set.of()));
      }
    }
    return false;
  }
}
