package dev.kapell.apiserver.tree;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as Go writes them. */
public final class Spans {
  private static final Pattern WHOLE = Pattern.compile("-?([0-9]{1,12}(\\.[0-9]{1,9})?[a-zµ]+)+|0");
  private static final Pattern PART = Pattern.compile("([0-9]+)(?:\\.([0-9]*[1-9])?0*)?([a-zµ]+)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private Spans() {}

  /**
   * Reads one, for instance {@code 1m30s}.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Duration parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a span of time such as 30s or 5m");
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      Long unit = NANOS.get(part.group(3));
      if (unit == null) {
        throw new IllegalArgumentException("has a unit that is none of h, m, s, ms, us, ns");
      }
      try {
        sum = sum.plusNanos(Math.multiplyExact(Long.parseLong(part.group(1)), unit));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("is longer than a span can be", e);
      }
      if (part.group(2) != null) {
        sum = sum.plusNanos(fraction(part.group(2), unit));
      }
    }
    return text.startsWith("-") ? sum.negated() : sum;
  }

  /** Of {@code unit}, in nanoseconds; every unit is a power of ten times 1, 6 or 36. */
  private static long fraction(String digits, long unit) {
    long scale = 1;
    for (int i = 0; i < digits.length(); i++) {
      scale *= 10;
    }
    if (unit % scale != 0) {
      throw new IllegalArgumentException("is finer than a span can be");
    }
    return Long.parseLong(digits) * (unit / scale);
  }
}
