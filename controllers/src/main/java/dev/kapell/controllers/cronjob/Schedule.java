package dev.kapell.controllers.cronjob;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cron schedule: five fields (minute, hour, day of the month, month, day of the week) with lists,
 * ranges, steps and names, one of the {@code @} words, or {@code @every} with a duration. When both
 * days are restricted, either is enough, as cron has it. Immutable.
 */
final class Schedule {
  private static final Map<String, String> WORDS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private static final Set<String> ANY = Set.of("*", "?", "*/1", "?/1");

  /** {@code 1h30m}, {@code 90s}, {@code 1.5h}. */
  private static final Pattern SPAN = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(h|m|s|ms)");

  /** No date comes round more rarely than the 29th of February, at most eight years apart. */
  private static final int MOST_DAYS = 8 * 366 + 1;

  /** There is no time zone of this name. */
  static final class UnknownZone extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownZone(String zone, DateTimeException cause) {
      super("unknown time zone " + zone, cause);
    }
  }

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean anyDay;
  private final boolean anyWeekday;
  private final Optional<Duration> every;
  private final ZoneId zone;

  private Schedule(String[] fields, Optional<Duration> every, ZoneId zone) {
    this.minutes = field(fields[0], 0, 59, List.of());
    this.hours = field(fields[1], 0, 23, List.of());
    this.days = field(fields[2], 1, 31, List.of());
    this.months = field(fields[3], 1, 12, MONTHS);
    this.weekdays = field(fields[4], 0, 7, DAYS);
    if (weekdays.get(7)) {
      weekdays.set(0);
    }
    this.anyDay = isAny(fields[2]);
    this.anyWeekday = isAny(fields[4]);
    this.every = every;
    this.zone = zone;
  }

  /**
   * Reads a schedule.
   *
   * @param zone the name of a time zone; empty for UTC
   * @throws IllegalArgumentException with what is wrong
   */
  static Schedule parse(String text, String zone) {
    ZoneId zoneId;
    try {
      zoneId = zone.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new UnknownZone(zone, e);
    }
    String trimmed = text.strip();
    if (trimmed.startsWith("@every ")) {
      Duration span = span(trimmed.substring("@every ".length()).strip());
      return new Schedule("* * * * *".split(" ", -1), Optional.of(span), zoneId);
    }
    String plain = WORDS.getOrDefault(trimmed.toLowerCase(Locale.ROOT), trimmed);
    String[] fields = plain.split("\\s+", -1);
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found " + fields.length + ": " + text);
    }
    return new Schedule(fields, Optional.empty(), zoneId);
  }

  /** The first time after {@code instant}; empty when there never is one (30 February). */
  Optional<Instant> after(Instant instant) {
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
    boolean byDay = days.get(time.getDayOfMonth());
    boolean byWeekday = weekdays.get(time.getDayOfWeek().getValue() % 7);
    boolean bothCount = anyDay || anyWeekday;
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

  /** Any day, as cron has it: a step that leaves days out restricts them. */
  private static boolean isAny(String field) {
    return Arrays.stream(field.split(",", -1)).anyMatch(ANY::contains);
  }

  private static BitSet field(String field, int lowest, int highest, List<String> names) {
    BitSet values = new BitSet(highest + 1);
    for (String part : field.split(",", -1)) {
      int slash = part.indexOf('/');
      String range = slash < 0 ? part : part.substring(0, slash);
      int step = slash < 0 ? 1 : number(part.substring(slash + 1), List.of(), lowest);
      int from = lowest;
      int to = highest;
      if (!range.equals("*") && !range.equals("?")) {
        int dash = range.indexOf('-');
        from = number(dash < 0 ? range : range.substring(0, dash), names, lowest);
        int single = slash < 0 ? from : highest;
        to = dash < 0 ? single : number(range.substring(dash + 1), names, lowest);
      }
      if (from < lowest || to > highest || from > to || step < 1) {
        throw new IllegalArgumentException(
            "\"" + part + "\" is not within " + lowest + "-" + highest);
      }
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int number(String text, List<String> names, int lowest) {
    int named = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + lowest;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no number", e);
    }
  }

  private static Duration span(String text) {
    Matcher matcher = SPAN.matcher(text);
    double seconds = 0;
    int at = 0;
    while (at < text.length() && matcher.find(at) && matcher.start() == at) {
      seconds += Double.parseDouble(matcher.group(1)) * seconds(matcher.group(2));
      at = matcher.end();
    }
    if (at < text.length() || text.isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\" is no duration");
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
  ZoneId zone() {
    return zone;
  }

  /** The last time up to {@code now}; empty when there is none after {@code from}. */
  Optional<Instant> latest(Instant from, Instant now) {
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
