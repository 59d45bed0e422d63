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
    this.series = new Series<>(labels.size(), () -> new Member(bounds.length + 1));
  }

  private record Member(LongAdder[] counts, DoubleAdder sum) {
    Member(int size) {
      this(new LongAdder[size], new DoubleAdder());
      Arrays.setAll(counts, _ -> new LongAdder());
    }
  }

  /** One more value. */
  public void observe(double value, String... values) {
    int at = Arrays.binarySearch(bounds, value);
    Member member = series.get(List.of(values));
    member.counts()[at >= 0 ? at : -at - 1].increment();
    member.sum().add(value);
  }

  @Override
  public void write(TextForm out) {
    out.head(name, "histogram", help);
    series.each(
        (values, member) -> {
          long total = 0;
          for (int i = 0; i <= bounds.length; i++) {
            total += member.counts()[i].sum();
            double bound = i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
            String le = "le=\"" + TextForm.number(bound) + "\"";
            out.line(name + "_bucket", labels, values, le, (double) total);
          }
          out.line(name + "_sum", labels, values, member.sum().sum());
          out.line(name + "_count", labels, values, (double) total);
        });
  }
}
