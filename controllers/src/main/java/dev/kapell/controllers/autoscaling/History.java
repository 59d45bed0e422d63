package dev.kapell.controllers.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What was advised for one autoscaler, and done, lately. Immutable.
 *
 * @param advised oldest first
 * @param done oldest first
 */
record History(List<Advised> advised, List<Done> done) {
  static final History NONE = new History(List.of(), List.of());

  /** The longest window and period that the API takes are an hour and half an hour. */
  private static final Duration KEPT = Duration.ofHours(1);

  /** Advice comes every 15 seconds and whenever the autoscaler changes. */
  private static final int MOST = 512;

  /** A number of replicas that the metrics asked for. */
  record Advised(Instant at, int replicas) {}

  /**
   * A change of the scale.
   *
   * @param by replicas, negative when there are fewer
   */
  record Done(Instant at, int by) {}

  /** Copies. */
  History {
    advised = List.copyOf(advised);
    done = List.copyOf(done);
  }

  History advise(Instant now, int replicas) {
    List<Advised> all = new ArrayList<>(advised);
    all.removeIf(each -> each.at().isBefore(now.minus(KEPT)));
    all.add(new Advised(now, replicas));
    return new History(last(all), done);
  }

  /** Each time counts once, however often it is told. */
  History did(Instant at, int by) {
    if (by == 0 || (!done.isEmpty() && !done.getLast().at().isBefore(at))) {
      return this;
    }
    List<Done> all = new ArrayList<>(done);
    all.removeIf(each -> each.at().isBefore(at.minus(KEPT)));
    all.add(new Done(at, by));
    return new History(advised, last(all));
  }

  /** The advice that is younger than {@code window}. */
  IntStream since(Instant now, Duration window) {
    return advised.stream()
        .filter(each -> each.at().isAfter(now.minus(window)))
        .mapToInt(Advised::replicas);
  }

  /** How many replicas were added within {@code period}. */
  int added(Instant now, Duration period) {
    return changed(now, period).filter(by -> by > 0).sum();
  }

  /** How many replicas were taken away within {@code period}. */
  int removed(Instant now, Duration period) {
    return -changed(now, period).filter(by -> by < 0).sum();
  }

  private IntStream changed(Instant now, Duration period) {
    return done.stream().filter(each -> each.at().isAfter(now.minus(period))).mapToInt(Done::by);
  }

  private static <T> List<T> last(List<T> all) {
    return all.size() <= MOST ? all : all.subList(all.size() - MOST, all.size());
  }
}
