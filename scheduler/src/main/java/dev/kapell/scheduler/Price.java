package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import java.time.Instant;
import java.util.List;

/**
 * What it costs that these pods go; the least first, in the order that {@link Preemption} tells.
 *
 * @param violations how many of them a budget protects
 * @param highestPriority of the most important; the least there is when nobody has to go
 * @param sumOfPriorities each counts at least a little, however low its priority is
 * @param victims how many
 * @param started when the most important ones started, the first of them
 */
record Price(
    int violations, int highestPriority, long sumOfPriorities, int victims, Instant started)
    implements Comparable<Price> {
  static Price of(List<Pod> victims, int violations) {
    int highest = Integer.MIN_VALUE;
    long sum = 0;
    Instant started = Instant.MAX;
    for (Pod victim : victims) {
      int priority = victim.spec().priorityOr(0);
      Instant since = victim.status().startTimeOr(Instant.MAX);
      if (priority > highest) {
        highest = priority;
        started = since;
      } else if (priority == highest && since.isBefore(started)) {
        started = since;
      }
      sum += priority + (1L << 31) + 1;
    }
    return new Price(violations, highest, sum, victims.size(), started);
  }

  @Override
  public int compareTo(Price other) {
    if (violations != other.violations) {
      return Integer.compare(violations, other.violations);
    }
    if (highestPriority != other.highestPriority) {
      return Integer.compare(highestPriority, other.highestPriority);
    }
    if (sumOfPriorities != other.sumOfPriorities) {
      return Long.compare(sumOfPriorities, other.sumOfPriorities);
    }
    return victims == other.victims
        ? other.started.compareTo(started)
        : Integer.compare(victims, other.victims);
  }
}
