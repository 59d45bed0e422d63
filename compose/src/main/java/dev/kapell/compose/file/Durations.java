package dev.kapell.compose.file;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compose's durations: {@code 1m30s}, {@code 500ms}, {@code 2.5s}. */
final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(us|ms|s|m|h)");

  private Durations() {}

  static Duration parse(String path, Value value) {
    String text = Section.scalar(path, value);
    Matcher matcher = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (matcher.find() && matcher.start() == at) {
      double nanos = Double.parseDouble(matcher.group(1)) * unitNanos(matcher.group(2));
      sum = sum.plusNanos(Math.round(nanos));
      at = matcher.end();
    }
    if (at != text.length() || text.isEmpty()) {
      if (text.equals("0")) {
        return Duration.ZERO;
      }
      throw new ComposeFailure(
          value.place(), path + " has to be a duration such as 30s or 1m30s, not \"" + text + "\"");
    }
    return sum;
  }

  private static double unitNanos(String unit) {
    return switch (unit) {
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> throw new IllegalArgumentException(unit);
    };
  }
}
