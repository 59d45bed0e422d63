package dev.kapell.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * The text form of {@code Time} (whole seconds) and {@code MicroTime} (microseconds): RFC 3339 in
 * UTC. Pure.
 */
public final class Times {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final String WHOLE_SECONDS = "0000-00-00T00:00:00Z";
  private static final long SECONDS_OF_A_DAY = 86_400;

  private Times() {}

  /** {@code 2026-11-21T08:00:00Z}. */
  public static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** {@code 2026-11-21T08:00:00.000000Z}. */
  public static String micros(Instant time) {
    return MICROS.format(time);
  }

  /** Reads RFC 3339, also with an offset. {@link DateTimeException} when it is none. */
  public static Instant parse(String text) {
    if (text.length() == WHOLE_SECONDS.length() && isShapedAs(WHOLE_SECONDS, text)) {
      long day =
          LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
      LocalTime time =
          LocalTime.of(number(text, 11, 13), number(text, 14, 16), number(text, 17, 19));
      return Instant.ofEpochSecond(day * SECONDS_OF_A_DAY + time.toSecondOfDay());
    }
    return parseAny(text);
  }

  /** What every object has several of; the general parser takes twenty times as long. */
  private static boolean isShapedAs(String shape, String text) {
    for (int i = 0; i < shape.length(); i++) {
      char wanted = shape.charAt(i);
      char found = text.charAt(i);
      if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static Instant parseAny(String text) {
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }
}
