package dev.kapell.apiserver.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * Every figure that {@code /metrics} shows, in Prometheus' text form, sorted by name. Thread-safe;
 * a name belongs to one family.
 */
public final class Meters {
  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  /** Something with a name and lines of its own. */
  interface Family {
    void write(TextForm out);
  }

  /** A gauge's values, each with the values of its labels. */
  @FunctionalInterface
  public interface Values {
    /** Shows {@code value}. */
    void add(double value, String... labelValues);
  }

  /** A count that only grows. */
  public Counter counter(String name, String help, String... labels) {
    Counter counter = new Counter(name, help, List.of(labels));
    register(name, counter);
    return counter;
  }

  /** A distribution over {@code buckets}, upper bounds in ascending order. */
  public Histogram histogram(String name, String help, double[] buckets, String... labels) {
    Histogram histogram = new Histogram(name, help, buckets, List.of(labels));
    register(name, histogram);
    return histogram;
  }

  /** A figure that is asked for when somebody looks. */
  public void gauge(String name, String help, List<String> labels, Consumer<Values> reading) {
    register(name, read(name, help, "gauge", labels, reading));
  }

  /** A count that somebody else keeps. */
  public void counted(String name, String help, List<String> labels, Consumer<Values> reading) {
    register(name, read(name, help, "counter", labels, reading));
  }

  /** Distributions that somebody else keeps, each with the values of its labels. */
  @FunctionalInterface
  public interface Distributions {
    /**
     * Shows one.
     *
     * @param bounds the upper bounds of all classes but the last, ascending
     * @param counts how many fell into each class; one more than there are bounds
     */
    void add(double[] bounds, long[] counts, double sum, String... labelValues);
  }

  /** A distribution that somebody else keeps. */
  public void distributed(
      String name, String help, List<String> labels, Consumer<Distributions> reading) {
    register(
        name,
        out -> {
          out.head(name, "histogram", help);
          reading.accept(
              (bounds, counts, sum, values) ->
                  out.distribution(
                      name, labels, List.of(values), new TextForm.Classes(bounds, counts, sum)));
        });
  }

  private static Family read(
      String name, String help, String type, List<String> labels, Consumer<Values> reading) {
    return out -> {
      out.head(name, type, help);
      reading.accept((value, values) -> out.line(name, labels, List.of(values), value));
    };
  }

  private void register(String name, Family family) {
    if (families.putIfAbsent(name, family) != null) {
      throw new IllegalStateException("two metrics are called " + name);
    }
  }

  /** All of them, now. */
  public String text() {
    TextForm out = new TextForm();
    families.values().forEach(family -> family.write(out));
    return out.toString();
  }
}
