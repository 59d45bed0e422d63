package dev.kapell.cel.function;

import dev.kapell.cel.value.CelError;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time and spans of it. */
public final class Times {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final Pattern PART =
      Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern OFFSET = Pattern.compile("[+-]?\\d\\d:\\d\\d");
  private static final int NANO_DIGITS = 9;
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns",
          1L,
          "us",
          1_000L,
          "µs",
          1_000L,
          "μs",
          1_000L,
          "ms",
          1_000_000L,
          "s",
          1_000_000_000L,
          "m",
          60_000_000_000L,
          "h",
          3_600_000_000_000L);

  private Times() {}

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    rows.add(Function.of("timestamp", "(timestamp) -> timestamp", a -> a[0]));
    rows.add(
        Function.of(
            "timestamp",
            "(int) -> timestamp",
            a -> checked(() -> Instant.ofEpochSecond((Long) a[0]))));
    rows.add(
        Function.of(
            "timestamp",
            "(string) -> timestamp",
            a ->
                timestamp((String) a[0])
                    .orElseThrow(
                        () -> Conversions.notFrom("string", "google.protobuf.Timestamp"))));
    rows.add(Function.of("duration", "(duration) -> duration", a -> a[0]));
    rows.add(Function.of("duration", "(int) -> duration", a -> Duration.ofNanos((Long) a[0])));
    rows.add(
        Function.of(
            "duration",
            "(string) -> duration",
            a ->
                duration((String) a[0])
                    .orElseThrow(() -> Conversions.notFrom("string", "google.protobuf.Duration"))));
    parts(rows);
    return rows;
  }

  private static void parts(List<Function> rows) {
    Map<String, ToLongFunction<ZonedDateTime>> parts = new LinkedHashMap<>();
    parts.put("getFullYear", ZonedDateTime::getYear);
    parts.put("getMonth", time -> time.getMonthValue() - 1L);
    parts.put("getDate", ZonedDateTime::getDayOfMonth);
    parts.put("getDayOfMonth", time -> time.getDayOfMonth() - 1L);
    parts.put("getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7L);
    parts.put("getDayOfYear", time -> time.getDayOfYear() - 1L);
    parts.put("getHours", ZonedDateTime::getHour);
    parts.put("getMinutes", ZonedDateTime::getMinute);
    parts.put("getSeconds", ZonedDateTime::getSecond);
    parts.put("getMilliseconds", time -> time.getNano() / 1_000_000L);
    parts.forEach(
        (name, part) -> {
          rows.add(
              Function.of(
                  name,
                  "timestamp.() -> int",
                  a -> part.applyAsLong(((Instant) a[0]).atZone(ZoneOffset.UTC))));
          rows.add(
              Function.of(
                  name,
                  "timestamp.(string) -> int",
                  a -> part.applyAsLong(((Instant) a[0]).atZone(zone((String) a[1])))));
        });
    rows.add(Function.of("getHours", "duration.() -> int", a -> ((Duration) a[0]).toHours()));
    rows.add(Function.of("getMinutes", "duration.() -> int", a -> ((Duration) a[0]).toMinutes()));
    rows.add(Function.of("getSeconds", "duration.() -> int", a -> ((Duration) a[0]).toSeconds()));
    rows.add(
        Function.of(
            "getMilliseconds", "duration.() -> int", a -> ((Duration) a[0]).toMillis() % 1_000L));
  }

  private static ZoneId zone(String name) {
    try {
      if (OFFSET.matcher(name).matches()) {
        boolean signed = name.startsWith("-") || name.startsWith("+");
        return ZoneOffset.of(signed ? name : "+" + name);
      }
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new CelError("unknown time zone " + name);
    }
  }

  /** A time that CEL can hold: the years 1 to 9999. */
  static Instant checked(Supplier<Instant> time) {
    try {
      Instant instant = time.get();
      if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
        return instant;
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw new CelError("timestamp overflow");
    }
    throw new CelError("timestamp overflow");
  }

  /** A time as RFC 3339 writes it. */
  public static Optional<Instant> timestamp(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A span as Go writes it, for instance {@code 1h30m}. */
  public static Optional<Duration> duration(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher matcher = PART.matcher(rest);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < rest.length() && matcher.find(end) && matcher.start() == end) {
      nanos =
          nanos.add(
              new BigDecimal("0" + matcher.group(1))
                  .multiply(BigDecimal.valueOf(NANOS.getOrDefault(matcher.group(2), 1L))));
      end = matcher.end();
    }
    boolean fits = nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    if (rest.isEmpty() || end < rest.length() || !fits) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
  }

  /** A span in seconds, for instance {@code 5400s}. */
  static String text(Duration span) {
    return BigDecimal.valueOf(span.toNanos(), NANO_DIGITS).stripTrailingZeros().toPlainString()
        + "s";
  }
}
