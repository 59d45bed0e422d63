package dev.kapell.apiserver.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How values are distributed, for each combination of the labels' values. Thread-safe. */
public final class Histogram implements Meters.Family {
  private final String name;
  private final String help;
  private final double[] bounds;
  private final List<String> labels;
  private final Series<Member> series;

  Histogram(String name, String help, double[] bounds, List<String> labels) {
    this.name = name;
    this.help = help;
    this.bounds = bounds.clone();
    this.labels = labels;
    this.series = new Series<>(labels.size(), () -> new Member(this.bounds));
  }

  /** One distribution of the family, for whoever observes often: that makes no garbage. */
  public static final class Member {
    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    private Member(double[] bounds) {
      this.bounds = bounds;
      this.counts = new LongAdder[bounds.length + 1];
      Arrays.setAll(counts, _ -> new LongAdder());
    }

    /** One more value. */
    public void observe(double value) {
      int at = Arrays.binarySearch(bounds, value);
      counts[at >= 0 ? at : -at - 1].increment();
      sum.add(value);
    }
  }

  /** The distribution of these labels' values. */
  public Member of(String... values) {
    return series.get(List.of(values));
  }

  /** One more value. */
  public void observe(double value, String... values) {
    of(values).observe(value);
  }

  @Override
  public void write(TextForm out) {
    out.head(name, "histogram", help);
    series.each(
        (values, member) -> {
          long[] seen = Arrays.stream(member.counts).mapToLong(LongAdder::sum).toArray();
          if (Arrays.stream(seen).sum() > 0) {
            out.distribution(
                name, labels, values, new TextForm.Classes(bounds, seen, member.sum.sum()));
          }
        });
  }
}
