package dev.kapell.api.cron;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * One field of a schedule, with its lists, ranges, steps and names.
 *
 * @param values those that it allows
 * @param any it restricts nothing: {@code *} is part of it, not with a step
 */
record CronField(BitSet values, boolean any) {
  /** What a field may hold; names count from {@code lowest}. */
  record Bounds(int lowest, int highest, List<String> names) {}

  static CronField parse(String field, Bounds bounds) {
    BitSet values = new BitSet(bounds.highest() + 1);
    boolean any = false;
    for (String part : field.split(",", -1)) {
      if (!part.isEmpty()) {
        any |= add(part, bounds, values);
      }
    }
    return new CronField(values, any);
  }

  /** Adds what {@code part} allows; tells whether it allows everything. */
  private static boolean add(String part, Bounds bounds, BitSet values) {
    String[] rangeAndStep = part.split("/", -1);
    String[] ends = rangeAndStep[0].split("-", -1);
    boolean star = ends[0].equals("*") || ends[0].equals("?");
    if (!star && ends.length > 2) {
      throw new IllegalArgumentException("too many hyphens: " + part);
    }
    if (rangeAndStep.length > 2) {
      throw new IllegalArgumentException("too many slashes: " + part);
    }
    boolean stepped = rangeAndStep.length == 2;
    int from = star ? bounds.lowest() : value(ends[0], part, bounds);
    int to = from;
    if (star || (ends.length == 1 && stepped)) {
      to = bounds.highest();
    } else if (ends.length == 2) {
      to = value(ends[1], part, bounds);
    }
    int step = stepped ? number(rangeAndStep[1], part) : 1;
    check(part, from, to, step, bounds);
    for (int value = from; value <= to; value += step) {
      values.set(value);
    }
    return star && step == 1;
  }

  private static void check(String part, int from, int to, int step, Bounds bounds) {
    if (from < bounds.lowest()) {
      throw new IllegalArgumentException(
          "beginning of range (" + from + ") below minimum (" + bounds.lowest() + "): " + part);
    }
    if (to > bounds.highest()) {
      throw new IllegalArgumentException(
          "end of range (" + to + ") above maximum (" + bounds.highest() + "): " + part);
    }
    if (from > to) {
      throw new IllegalArgumentException(
          "beginning of range (" + from + ") beyond end of range (" + to + "): " + part);
    }
    if (step == 0) {
      throw new IllegalArgumentException("step of range should be a positive number: " + part);
    }
  }

  private static int value(String text, String part, Bounds bounds) {
    int named = bounds.names().indexOf(text.toLowerCase(Locale.ROOT));
    return named >= 0 ? named + bounds.lowest() : number(text, part);
  }

  private static int number(String text, String part) {
    int number;
    try {
      number = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "failed to parse int from "
              + part
              + ": strconv.Atoi: parsing \""
              + text
              + "\": invalid syntax",
          e);
    }
    if (number < 0) {
      throw new IllegalArgumentException("negative number (" + number + ") not allowed: " + part);
    }
    return number;
  }
}
