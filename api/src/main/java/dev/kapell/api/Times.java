package dev.kapell.api;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/**
 * The text form of {@code Time} (whole seconds) and {@code MicroTime} (microseconds): RFC 3339 in
 * UTC. Pure.
 */
public final class Times {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final String SHAPE = "0000-00-00T00:00:00";
  private static final int MOST_DIGITS = 9;
  private static final int MICRO_DIGITS = 6;
  private static final long SECONDS_OF_A_DAY = 86_400;
  private static final int LAST_YEAR = 9_999;

  private Times() {}

  /** {@code 2026-11-21T08:00:00Z}. */
  public static String seconds(Instant time) {
    byte[] text = new byte[SHAPE.length() + 1];
    return isWritten(time, text)
        ? new String(text, StandardCharsets.ISO_8859_1)
        : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** {@code 2026-11-21T08:00:00.000000Z}. */
  public static String micros(Instant time) {
    byte[] text = new byte[SHAPE.length() + 1 + MICRO_DIGITS + 1];
    if (!isWritten(time, text)) {
      return MICROS.format(time);
    }
    text[SHAPE.length()] = '.';
    digits(text, SHAPE.length() + 1, MICRO_DIGITS, time.get(ChronoField.MICRO_OF_SECOND));
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /**
   * Writes the whole seconds and a {@code Z} at the end; false for a year that has not four digits.
   */
  private static boolean isWritten(Instant time, byte[] text) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), SECONDS_OF_A_DAY));
    if (date.getYear() < 0 || date.getYear() > LAST_YEAR) {
      return false;
    }
    int second = (int) Math.floorMod(time.getEpochSecond(), SECONDS_OF_A_DAY);
    for (int i = 0; i < SHAPE.length(); i++) {
      text[i] = (byte) SHAPE.charAt(i);
    }
    digits(text, 0, 4, date.getYear());
    digits(text, 5, 2, date.getMonthValue());
    digits(text, 8, 2, date.getDayOfMonth());
    digits(text, 11, 2, second / 3_600);
    digits(text, 14, 2, second / 60 % 60);
    digits(text, 17, 2, second % 60);
    text[text.length - 1] = 'Z';
    return true;
  }

  private static void digits(byte[] text, int from, int count, int number) {
    int left = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /** Reads RFC 3339, also with an offset. {@link DateTimeException} when it is none. */
  public static Instant parse(String text) {
    int fraction = text.length() - SHAPE.length() - 2; // between a point and the Z
    boolean whole = fraction == -1;
    if ((!whole && (fraction < 1 || fraction > MOST_DIGITS)) || !isUsual(text)) {
      return parseAny(text);
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    LocalTime time = LocalTime.of(number(text, 11, 13), number(text, 14, 16), number(text, 17, 19));
    return Instant.ofEpochSecond(
        day * SECONDS_OF_A_DAY + time.toSecondOfDay(), whole ? 0 : nanos(text));
  }

  /** What every object has several of; the general parser takes twenty times as long. */
  private static boolean isUsual(String text) {
    int last = text.length() - 1;
    for (int i = 0; i < last; i++) {
      char wanted = i < SHAPE.length() ? SHAPE.charAt(i) : i == SHAPE.length() ? '.' : '0';
      char found = text.charAt(i);
      if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
        return false;
      }
    }
    return text.charAt(last) == 'Z';
  }

  private static int nanos(String text) {
    int from = SHAPE.length() + 1;
    int to = text.length() - 1;
    int nanos = number(text, from, to);
    for (int digit = to - from; digit < MOST_DIGITS; digit++) {
      nanos *= 10;
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static Instant parseAny(String text) {
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }
}
