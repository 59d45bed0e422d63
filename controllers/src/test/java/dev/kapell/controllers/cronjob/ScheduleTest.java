package dev.kapell.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
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
          '0 0 * * 7',      '',            2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z
          '5-10/2 1 * * ?', '',            2026-01-01T01:05:00Z, 2026-01-01T01:07:00Z
          '@hourly',        '',            2026-01-01T00:00:00Z, 2026-01-01T01:00:00Z
          '@every 90s',     '',            2026-01-01T00:00:00Z, 2026-01-01T00:01:30Z
          """)
  void theNextTime(String text, String zone, Instant from, Instant next) {
    assertThat(Schedule.parse(text, zone).after(from)).contains(next);
  }

  @Test
  void aDateThatNeverComesIsNone() {
    assertThat(Schedule.parse("0 0 30 2 *", "").after(Instant.EPOCH)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "60 * * * *",
        "* * * * 8",
        "a * * * *",
        "5-1 * * * *",
        "*/0 * * * *"
      })
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> Schedule.parse(text, "")).isInstanceOf(IllegalArgumentException.class);
  }
}
