package dev.kapell.controllers.job;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sets of indexes as the API writes them: {@code 1,3-5,7}. Pure. */
final class Indexes {
  private Indexes() {}

  static NavigableSet<Integer> parse(String text) {
    NavigableSet<Integer> indexes = new TreeSet<>();
    for (int[] interval : intervals(text)) {
      for (int index = interval[0]; index <= interval[1]; index++) {
        indexes.add(index);
      }
    }
    return indexes;
  }

  /**
   * How many indexes {@code text} names; it costs nothing per index, since a Job may have two
   * billion.
   */
  static long count(String text) {
    return intervals(text).stream().mapToLong(i -> (long) i[1] - i[0] + 1).sum();
  }

  /** How many of the indexes that {@code text} names are in {@code among}. */
  static int countIn(String text, NavigableSet<Integer> among) {
    return intervals(text).stream()
        .mapToInt(i -> i[0] > i[1] ? 0 : among.subSet(i[0], true, i[1], true).size())
        .sum();
  }

  /** First and last of each. */
  private static List<int[]> intervals(String text) {
    List<int[]> intervals = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      intervals.add(new int[] {from, to});
    }
    return intervals;
  }

  static String format(NavigableSet<Integer> indexes) {
    StringBuilder text = new StringBuilder();
    Integer start = null;
    int last = 0;
    for (int index : indexes) {
      if (start != null && index == last + 1) {
        last = index;
        continue;
      }
      append(text, start, last);
      start = index;
      last = index;
    }
    append(text, start, last);
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable Integer start, int last) {
    if (start == null) {
      return;
    }
    text.append(text.isEmpty() ? "" : ",").append(start);
    if (last > start) {
      text.append('-').append(last);
    }
  }
}
