package dev.kapell.scheduler.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The values that nodes have of one label, as small numbers: all rows of one number are one place.
 * A number whose last node is gone is given to another value. One thread's.
 */
final class Domains {
  static final int NONE = -1;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Integer> free = new ArrayList<>();
  private String[] values = new String[4];
  private int[] nodes = new int[4];
  private final Blocks blocks = new Blocks();
  private int[] byRow = {};
  private int users;

  /** The number of a row's domain; {@link #NONE} when its node has no such label. */
  int of(int row) {
    return row < byRow.length ? byRow[row] : NONE;
  }

  /** The rows of a block, a bit for each, whose domains are {@code wanted}. */
  int rows(int block, IntPredicate wanted) {
    return blocks.rows(block, wanted);
  }

  void enter(int row, @Nullable String value) {
    if (row >= byRow.length) {
      int before = byRow.length;
      byRow = Arrays.copyOf(byRow, Math.max(row + 1, before * 2));
      Arrays.fill(byRow, before, byRow.length, NONE);
    }
    byRow[row] = value == null ? NONE : numberOf(value);
    if (value != null) {
      nodes[byRow[row]]++;
      blocks.add(row, byRow[row]);
    }
  }

  private int numberOf(String value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    int number = free.isEmpty() ? numbers.size() : free.removeLast();
    if (number >= nodes.length) {
      nodes = Arrays.copyOf(nodes, number * 2);
      values = Arrays.copyOf(values, number * 2);
    }
    numbers.put(value, number);
    values[number] = value;
    return number;
  }

  /** The row's node is gone, or about to change. Nothing may be counted there any more. */
  void leave(int row) {
    int number = of(row);
    if (number == NONE) {
      return;
    }
    byRow[row] = NONE;
    blocks.remove(row, number);
    if (--nodes[number] == 0) {
      numbers.remove(values[number]);
      free.add(number);
    }
  }

  /** One more user; the first who asks. */
  void use() {
    users++;
  }

  /** True when that was the last user. */
  boolean release() {
    return --users == 0;
  }
}
