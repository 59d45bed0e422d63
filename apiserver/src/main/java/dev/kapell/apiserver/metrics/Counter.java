package dev.kapell.apiserver.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** A count that only grows, one for each combination of its labels' values. Thread-safe. */
public final class Counter implements Meters.Family {
  private final String name;
  private final String help;
  private final List<String> labels;
  private final Series<LongAdder> series;

  Counter(String name, String help, List<String> labels) {
    this.name = name;
    this.help = help;
    this.labels = labels;
    this.series = new Series<>(labels.size(), LongAdder::new);
    if (labels.isEmpty()) {
      series.get(List.of()); // shown as 0 from the start
    }
  }

  /** The count of these values, for whoever counts often. */
  public LongAdder of(String... values) {
    return series.get(List.of(values));
  }

  /** One more. */
  public void increment(String... values) {
    add(1, values);
  }

  /** So many more. */
  public void add(long more, String... values) {
    series.get(List.of(values)).add(more);
  }

  @Override
  public void write(TextForm out) {
    out.head(name, "counter", help);
    series.each((values, count) -> out.line(name, labels, values, (double) count.sum()));
  }
}
