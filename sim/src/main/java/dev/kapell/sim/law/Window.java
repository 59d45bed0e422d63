package dev.kapell.sim.law;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.stream.Stream;

/** Values with the time from which each counted, as far back as anybody may still believe them. */
final class Window<V> {
  private record Since<V>(Duration at, V value) {}

  private final Deque<Since<V>> values = new ArrayDeque<>();

  void add(Duration at, V value) {
    values.addLast(new Since<>(at, value));
  }

  /** Every value that counted at some time between {@code from} and now. Forgets the others. */
  Stream<V> since(Duration from) {
    while (values.size() > 1) {
      Iterator<Since<V>> oldest = values.iterator();
      oldest.next();
      if (oldest.next().at().compareTo(from) > 0) {
        break;
      }
      values.removeFirst();
    }
    return values.stream().map(Since::value);
  }
}
