package dev.kapell.apiserver.table;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/**
 * Spans as {@code kubectl} writes them: {@code 45s}, {@code 3m20s}, {@code 5h}, {@code 12d}, {@code
 * 2y30d}.
 */
public final class Age {
  private static final String UNKNOWN = "<unknown>";

  private Age() {}

  /** From the time {@code stamp} (RFC 3339) to {@code now}. */
  public static String since(String stamp, Instant now) {
    if (stamp.isEmpty()) {
      return UNKNOWN;
    }
    try {
      return of(Duration.between(OffsetDateTime.parse(stamp).toInstant(), now));
    } catch (DateTimeParseException e) {
      return UNKNOWN;
    }
  }

  /** From one stamp to another. */
  static String between(String from, String to) {
    try {
      return of(Duration.between(OffsetDateTime.parse(from), OffsetDateTime.parse(to)));
    } catch (DateTimeParseException e) {
      return UNKNOWN;
    }
  }

  /** With two digits of precision, more or less. */
  public static String of(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    seconds = Math.max(0, seconds);
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    } else if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    } else if (minutes < 180) {
      return minutes + "m";
    } else if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    } else if (hours < 48) {
      return hours + "h";
    } else if (hours < 192) {
      return two(days, "d", hours % 24, "h");
    } else if (days < 730) {
      return days + "d";
    } else if (days < 2920) {
      return two(days / 365, "y", days % 365, "d");
    }
    return days / 365 + "y";
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
  }
}
