package dev.kapell.compose.file;

import java.util.Set;
import java.util.TreeSet;

/** Guesses which key was meant. */
final class Spelling {
  private static final int MAX_DISTANCE = 2;

  private Spelling() {}

  /** {@code "; did you mean …?"}, or empty when nothing is near. */
  static String hint(String key, Set<String> some, Set<String> others) {
    TreeSet<String> candidates = new TreeSet<>(some);
    candidates.addAll(others);
    String best = "";
    int bestDistance = MAX_DISTANCE + 1;
    for (String candidate : candidates) {
      int distance = distance(key, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + best + "?";
  }

  /** Levenshtein's: how many letters to add, drop or change. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(diagonal + change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}
