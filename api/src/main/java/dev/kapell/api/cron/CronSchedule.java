package dev.kapell.api.cron;

import dev.kapell.api.cron.CronField.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A cron schedule: five fields (minute, hour, day of the month, month, day of the week) with lists,
 * ranges, steps and names, one of the {@code @} words, or {@code @every} with a duration. When both
 * days are restricted, either is enough, as cron has it. Immutable.
 */
public final class CronSchedule {
  private static final Map<String, String> DESCRIPTORS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final Bounds MINUTES = new Bounds(0, 59, List.of());
  private static final Bounds HOURS = new Bounds(0, 23, List.of());
  private static final Bounds DAYS = new Bounds(1, 31, List.of());
  private static final Bounds MONTHS =
      new Bounds(
          1,
          12,
          List.of(
              "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"));
  private static final Bounds WEEKDAYS =
      new Bounds(0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

  private static final String EVERY = "@every ";

  /** {@code 1h30m}, {@code 90s}, {@code 1.5h}. */
  private static final Pattern SPAN = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(h|ms|m|s)");

  /** No date comes round more rarely than the 29th of February, at most eight years apart. */
  private static final int MOST_DAYS = 8 * 366 + 1;

  /** There is no time zone of this name. */
  public static final class UnknownZone extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownZone(String zone) {
      super("unknown time zone " + zone);
    }
  }

  private final BitSet minutes;
  private final BitSet hours;
  private final CronField days;
  private final BitSet months;
  private final CronField weekdays;
  private final Optional<Duration> every;
  private final ZoneId zone;

  private CronSchedule(List<String> fields, Optional<Duration> every, ZoneId zone) {
    this.minutes = CronField.parse(fields.get(0), MINUTES).values();
    this.hours = CronField.parse(fields.get(1), HOURS).values();
    this.days = CronField.parse(fields.get(2), DAYS);
    this.months = CronField.parse(fields.get(3), MONTHS).values();
    this.weekdays = CronField.parse(fields.get(4), WEEKDAYS);
    this.every = every;
    this.zone = zone;
  }

  /**
   * Reads a schedule.
   *
   * @param zone the name of a time zone; empty for UTC
   * @throws IllegalArgumentException with what is wrong
   */
  public static CronSchedule parse(String text, String zone) {
    ZoneId zoneId = zoneOf(zone);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty spec string");
    }
    if (text.startsWith(EVERY)) {
      Duration span = span(text, text.substring(EVERY.length()));
      return new CronSchedule(words("* * * * *"), Optional.of(span), zoneId);
    }
    if (text.startsWith("@") && !DESCRIPTORS.containsKey(text)) {
      throw new IllegalArgumentException("unrecognized descriptor: " + text);
    }
    List<String> fields = words(DESCRIPTORS.getOrDefault(text, text));
    if (fields.size() != 5) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found "
              + fields.size()
              + fields.stream().collect(Collectors.joining(" ", ": [", "]")));
    }
    return new CronSchedule(fields, Optional.empty(), zoneId);
  }

  /**
   * The time zone of this name; empty for UTC.
   *
   * @throws UnknownZone when the time zone database has none; an offset is no name
   */
  public static ZoneId zoneOf(String name) {
    if (name.isEmpty()) {
      return ZoneId.of("UTC");
    }
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw new UnknownZone(name);
    }
    return ZoneId.of(name);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+", -1)).filter(w -> !w.isEmpty()).toList();
  }

  /** The first time after {@code instant}; empty when there never is one (30 February). */
  public Optional<Instant> after(Instant instant) {
    if (every.isPresent()) {
      return Optional.of(instant.truncatedTo(ChronoUnit.SECONDS).plus(every.get()));
    }
    ZonedDateTime time = instant.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    for (int day = 0; day < MOST_DAYS; day++) {
      if (isDay(time)) {
        Optional<ZonedDateTime> found = onDay(time);
        if (found.isPresent()) {
          return found.map(ZonedDateTime::toInstant);
        }
      }
      time = time.toLocalDate().plusDays(1).atStartOfDay(zone);
    }
    return Optional.empty();
  }

  private boolean isDay(ZonedDateTime time) {
    if (!months.get(time.getMonthValue())) {
      return false;
    }
    boolean byDay = days.values().get(time.getDayOfMonth());
    boolean byWeekday = weekdays.values().get(time.getDayOfWeek().getValue() % 7);
    boolean bothCount = days.any() || weekdays.any();
    return bothCount ? byDay && byWeekday : byDay || byWeekday;
  }

  /** The first fitting minute from {@code time} on, on the same day; steps over clock changes. */
  private Optional<ZonedDateTime> onDay(ZonedDateTime time) {
    ZonedDateTime next = time;
    while (next.getDayOfMonth() == time.getDayOfMonth()) {
      if (!hours.get(next.getHour())) {
        next = next.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(next.getMinute())) {
        next = next.plusMinutes(1);
      } else {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /**
   * The first time after {@code now} when {@code last} was one; empty when there never is one.
   * Spans count from {@code last}, whenever they are looked at.
   */
  public Optional<Instant> next(Instant last, Instant now) {
    return after(every.isPresent() ? latest(last, now).orElse(last) : now);
  }

  private static Duration span(String whole, String text) {
    Matcher matcher = SPAN.matcher(text);
    double seconds = 0;
    int at = 0;
    while (at < text.length() && matcher.find(at) && matcher.start() == at) {
      seconds += Double.parseDouble(matcher.group(1)) * seconds(matcher.group(2));
      at = matcher.end();
    }
    if (at < text.length() || text.isEmpty()) {
      throw new IllegalArgumentException(
          "failed to parse duration " + whole + ": time: invalid duration \"" + text + '"');
    }
    return Duration.ofSeconds(Math.max(1, (long) seconds)); // no schedule is finer than a second
  }

  private static double seconds(String unit) {
    return switch (unit) {
      case "h" -> 3600;
      case "m" -> 60;
      case "s" -> 1;
      default -> 0.001;
    };
  }

  /** The zone that times are told in. */
  public ZoneId zone() {
    return zone;
  }

  /** The last time up to {@code now}; empty when there is none after {@code from}. */
  public Optional<Instant> latest(Instant from, Instant now) {
    if (every.isPresent()) {
      long times = Duration.between(from, now).dividedBy(every.get());
      return times < 1 ? Optional.empty() : Optional.of(from.plus(every.get().multipliedBy(times)));
    }
    Duration back = Duration.ofMinutes(2);
    Optional<Instant> found = Optional.empty();
    while (found.isEmpty()) {
      Instant start = now.minus(back);
      boolean reachesBack = !start.isAfter(from);
      found = after(reachesBack ? from : start).filter(time -> !time.isAfter(now));
      if (reachesBack) {
        break;
      }
      back = back.multipliedBy(4);
    }
    Optional<Instant> next = found;
    while (next.isPresent() && !next.get().isAfter(now)) {
      found = next;
      next = after(next.get());
    }
    return found;
  }
}
