package dev.kapell.api.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
  @ParameterizedTest(name = "{0} after {2} in {1} is {3}")
  @CsvSource(
      textBlock =
          """
          '* * * * *',      '',            2026-01-01T00:00:30Z, 2026-01-01T00:01:00Z
          '*/15 * * * *',   '',            2026-01-01T00:15:00Z, 2026-01-01T00:30:00Z
          '0 2 * * *',      '',            2026-01-01T02:00:00Z, 2026-01-02T02:00:00Z
          '0 2 * * *',      Europe/Berlin, 2026-01-01T00:00:00Z, 2026-01-01T01:00:00Z
          '0 0 29 2 *',     '',            2026-01-01T00:00:00Z, 2028-02-29T00:00:00Z
          '0 0 1 jan,jul *','',            2026-01-02T00:00:00Z, 2026-07-01T00:00:00Z
          '0 9 * * mon-fri','',            2026-11-20T10:00:00Z, 2026-11-23T09:00:00Z
          '0 0 13 * fri',   '',            2026-11-01T00:00:00Z, 2026-11-06T00:00:00Z
          '0 0 * * 0',      '',            2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z
          '0 0 */2 * mon',  '',            2026-11-22T00:00:00Z, 2026-11-23T00:00:00Z
          '0 0 */1 * mon',  '',            2026-11-22T00:00:00Z, 2026-11-23T00:00:00Z
          '30 1 * * *',     America/New_York, 2026-11-01T05:30:00Z, 2026-11-01T06:30:00Z
          '30 2 * * *',     America/New_York, 2026-03-08T06:00:00Z, 2026-03-09T06:30:00Z
          '@every 1h30m',   '',            2026-01-01T00:00:00Z, 2026-01-01T01:30:00Z
          '@every 10ms',    '',            2026-01-01T00:00:00Z, 2026-01-01T00:00:01Z
          '5-10/2 1 * * ?', '',            2026-01-01T01:05:00Z, 2026-01-01T01:07:00Z
          '@hourly',        '',            2026-01-01T00:00:00Z, 2026-01-01T01:00:00Z
          '@every 90s',     '',            2026-01-01T00:00:00Z, 2026-01-01T00:01:30Z
          """)
  void theNextTime(String text, String zone, Instant from, Instant next) {
    assertThat(CronSchedule.parse(text, zone).after(from)).contains(next);
  }

  @Test
  void aDateThatNeverComesIsNone() {
    assertThat(CronSchedule.parse("0 0 30 2 *", "").after(Instant.EPOCH)).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          '',             empty spec string
          '* * * *',      'expected exactly 5 fields, found 4: [* * * *]'
          '60 * * * *',   'end of range (60) above maximum (59): 60'
          '* * 0 * *',    'beginning of range (0) below minimum (1): 0'
          '* * * * 7',    'end of range (7) above maximum (6): 7'
          'a * * * *',    'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'
          '5-1 * * * *',  'beginning of range (5) beyond end of range (1): 5-1'
          '1-2-3 * * * *','too many hyphens: 1-2-3'
          '*/1/2 * * * *','too many slashes: */1/2'
          '*/0 * * * *',  'step of range should be a positive number: */0'
          '*/-1 * * * *', 'negative number (-1) not allowed: */-1'
          '@never',       'unrecognized descriptor: @never'
          '@every soon',  'failed to parse duration @every soon: time: invalid duration "soon"'
          """)
  void nonsenseIsRefused(String text, String message) {
    assertThatThrownBy(() -> CronSchedule.parse(text, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest(name = "the last of {0} after {1} up to {2} is {3}")
  @CsvSource(
      textBlock =
          """
          '* * * * *',   2025-01-01T00:00:00Z, 2026-01-01T00:00:30Z, 2026-01-01T00:00:00Z
          '*/1 9 1 1 *', 2025-01-01T00:00:00Z, 2026-06-01T00:00:00Z, 2026-01-01T09:59:00Z
          '0 0 29 2 *',  2020-01-01T00:00:00Z, 2026-06-01T00:00:00Z, 2024-02-29T00:00:00Z
          '0 0 * * *',   2026-01-01T00:00:00Z, 2026-01-01T23:00:00Z,
          '@every 7m',   2026-01-01T00:00:00Z, 2026-01-01T00:20:00Z, 2026-01-01T00:14:00Z
          """)
  void theLastTime(String text, Instant from, Instant now, Instant last) {
    assertThat(CronSchedule.parse(text, "").latest(from, now)).isEqualTo(Optional.ofNullable(last));
  }

  @ParameterizedTest(name = "{0}, last {1}, now {2}: {3}")
  @CsvSource({
    "@every 7m,    2026-01-01T00:00:00Z, 2026-01-01T00:05:00Z, 2026-01-01T00:07:00Z",
    "@every 7m,    2026-01-01T00:00:00Z, 2026-01-01T00:20:00Z, 2026-01-01T00:21:00Z",
    "'0 * * * *',  2026-01-01T00:00:00Z, 2026-01-01T00:20:00Z, 2026-01-01T01:00:00Z",
  })
  void spansCountFromTheLastTime(String schedule, Instant last, Instant now, Instant next) {
    assertThat(CronSchedule.parse(schedule, "").next(last, now)).contains(next);
  }
}
