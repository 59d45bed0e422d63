package dev.kapell.scheduler.choice;

import java.util.Arrays;

/** Rows that fit, with their scores. One thread's; used again for every pod. */
final class Found {
  private int[] rows = new int[128];
  private double[] scores = new double[128];
  private double[] values = new double[128];
  private int count;

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int row(int place) {
    return rows[place];
  }

  void add(int row, double score) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, count * 2);
      scores = Arrays.copyOf(scores, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    rows[count] = row;
    scores[count++] = score;
  }

  /** Adds what depends on more than the row, scaled over all rows here. */
  void add(Asked asked) {
    for (int i = 0; i < asked.points().length; i++) {
      for (int place = 0; place < count; place++) {
        values[place] = asked.points()[i].of(rows[place]);
      }
      asked.points()[i].scale(values, count);
      for (int place = 0; place < count; place++) {
        scores[place] += asked.weights()[i] * values[place];
      }
    }
  }

  void addTo(int place, double more) {
    scores[place] += more;
  }

  /** Keeps the rows at these places, given in ascending order. */
  void keep(int[] places) {
    for (int i = 0; i < places.length; i++) {
      rows[i] = rows[places[i]];
      scores[i] = scores[places[i]];
    }
    count = places.length;
  }

  /** The row with the highest score, of equal ones the first found. There has to be one. */
  int best() {
    int best = 0;
    for (int place = 1; place < count; place++) {
      if (scores[place] > scores[best]) {
        best = place;
      }
    }
    return rows[best];
  }
}
