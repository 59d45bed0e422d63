package dev.kapell.api;

import java.time.DateTimeException;
import java.time.Instant;
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
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }
}
