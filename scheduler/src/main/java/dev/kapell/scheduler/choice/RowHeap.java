package dev.kapell.scheduler.choice;

import java.util.Arrays;

/**
 * Rows by score, the best on top; of equal ones the lowest row. Each row is in it once, and can be
 * changed or removed wherever it is. One thread's.
 */
final class RowHeap {
  private static final int ABSENT = -1;

  private int[] heap = new int[16];
  private int[] places = {};
  private double[] scores = {};
  private int size;

  int size() {
    return size;
  }

  /** The best row. There has to be one. */
  int top() {
    return heap[0];
  }

  void put(int row, double score) {
    makeRoom(row);
    scores[row] = score;
    int place = places[row];
    if (place == ABSENT) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place = size++;
      set(place, row);
    }
    up(place);
    down(places[row]);
  }

  void remove(int row) {
    if (row >= places.length || places[row] == ABSENT) {
      return;
    }
    int place = places[row];
    places[row] = ABSENT;
    int last = heap[--size];
    if (last != row) {
      set(place, last);
      up(place);
      down(places[last]);
    }
  }

  private void makeRoom(int row) {
    if (row >= places.length) {
      int before = places.length;
      int larger = Math.max(row + 1, before * 2);
      places = Arrays.copyOf(places, larger);
      scores = Arrays.copyOf(scores, larger);
      Arrays.fill(places, before, larger, ABSENT);
    }
  }

  private void up(int place) {
    int row = heap[place];
    int at = place;
    while (at > 0 && isBetter(row, heap[(at - 1) / 2])) {
      set(at, heap[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
    set(at, row);
  }

  private void down(int place) {
    int row = heap[place];
    int at = place;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBetter(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBetter(heap[child], row)) {
        break;
      }
      set(at, heap[child]);
      at = child;
    }
    set(at, row);
  }

  private boolean isBetter(int row, int other) {
    int compared = Double.compare(scores[row], scores[other]);
    return compared > 0 || (compared == 0 && row < other);
  }

  private void set(int place, int row) {
    heap[place] = row;
    places[row] = place;
  }
}
