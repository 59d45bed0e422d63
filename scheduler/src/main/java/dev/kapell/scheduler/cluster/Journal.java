package dev.kapell.scheduler.cluster;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** The rows that changed, in order; the oldest half is forgotten when it is full. One thread's. */
final class Journal {
  private static final int LIMIT = 1 << 16;

  private int[] rows = new int[256];
  private int size;
  private long start;

  /** A point; what changes from now on comes after it. */
  long now() {
    return start + size;
  }

  void add(int row) {
    if (size == rows.length) {
      makeRoom();
    }
    rows[size++] = row;
  }

  private void makeRoom() {
    if (size == LIMIT) {
      System.arraycopy(rows, LIMIT / 2, rows, 0, LIMIT / 2);
      start += LIMIT / 2;
      size = LIMIT / 2;
    } else {
      rows = Arrays.copyOf(rows, size * 2);
    }
  }

  /** Calls {@code each} with every entry since; false when that is no longer known. */
  boolean since(long point, IntConsumer each) {
    if (point < start) {
      return false;
    }
    for (int i = (int) (point - start); i < size; i++) {
      each.accept(rows[i]);
    }
    return true;
  }
}
