package dev.kapell.controllers.job;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sets of indexes as the API writes them: {@code 1,3-5,7}. Pure. */
final class Indexes {
  private Indexes() {}

  static NavigableSet<Integer> parse(String text) {
    NavigableSet<Integer> indexes = new TreeSet<>();
    if (text.isBlank()) {
      return indexes;
    }
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      for (int index = from; index <= to; index++) {
        indexes.add(index);
      }
    }
    return indexes;
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
