package dev.kapell.controllers.autoscaling;

import dev.kapell.api.selector.LabelQuery;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Prometheus' text form (reference: exposition formats): the sum of a metric's series. Pure. Lines
 * that are not understood are left out.
 *
 * @param value the sum
 * @param counter the metric only grows
 */
record PrometheusText(double value, boolean counter) {

  /** The sum of the series of {@code metric} whose labels match; NaN when there is none. */
  static PrometheusText read(String text, String metric, LabelQuery selector) {
    double sum = Double.NaN;
    boolean counter = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split("\\s+", 5);
        counter |= words.length > 3 && words[2].equals(metric) && words[3].equals("counter");
      } else if (line.startsWith(metric)) {
        OptionalDouble value = series(line, metric, selector);
        if (value.isPresent()) {
          sum = Double.isNaN(sum) ? value.getAsDouble() : sum + value.getAsDouble();
        }
      }
    }
    return new PrometheusText(sum, counter);
  }

  /** Whether there was any series. */
  boolean isThere() {
    return !Double.isNaN(value);
  }

  private static OptionalDouble series(String line, String metric, LabelQuery selector) {
    int at = metric.length();
    Map<String, String> labels = new LinkedHashMap<>();
    if (at < line.length() && line.charAt(at) == '{') {
      at = labels(line, at + 1, labels);
    }
    boolean apart = at > 0 && at < line.length() && Character.isWhitespace(line.charAt(at));
    return apart && selector.matches(labels)
        ? number(line.substring(at).strip().split("\\s+", 2)[0])
        : OptionalDouble.empty();
  }

  /** Reads up to the closing brace; returns where the rest begins, or -1. */
  private static int labels(String line, int from, Map<String, String> into) {
    int at = from;
    while (at < line.length() && line.charAt(at) != '}') {
      int equals = line.indexOf('=', at);
      if (equals < 0 || equals + 1 >= line.length() || line.charAt(equals + 1) != '"') {
        return -1;
      }
      StringBuilder value = new StringBuilder();
      int end = quoted(line, equals + 2, value);
      if (end < 0) {
        return -1;
      }
      into.put(line.substring(at, equals).replace(",", "").strip(), value.toString());
      at = end;
      while (at < line.length() && (line.charAt(at) == ',' || line.charAt(at) == ' ')) {
        at++;
      }
    }
    return at < line.length() ? at + 1 : -1;
  }

  /** Reads up to the closing quote; returns where the rest begins, or -1. */
  private static int quoted(String line, int from, StringBuilder into) {
    for (int at = from; at < line.length(); at++) {
      char letter = line.charAt(at);
      if (letter == '"') {
        return at + 1;
      }
      if (letter == '\\' && at + 1 < line.length()) {
        at++;
        into.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
      } else {
        into.append(letter);
      }
    }
    return -1;
  }

  private static OptionalDouble number(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty(); // +Inf and the like are no quantities either.
    }
  }
}
