package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 0",
    "2024-02-29T23:59:59Z, 1709251199",
    "2026-11-21T08:00:00Z, 1795248000",
    "2026-11-21T09:00:00+01:00, 1795248000",
    "2026-11-21T08:00:00.250000Z, 1795248000",
    "0001-01-01T00:00:00Z, -62135596800"
  })
  void rfc3339IsRead(String text, long seconds) {
    assertThat(Times.parse(text).getEpochSecond()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2023-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-21T08:60:00Z",
        "2026-11-21T08:00:00",
        "2026-11-21 08:00:00Z",
        "20o6-11-21T08:00:00Z",
        "2026-11-21T08:00:00,5Z",
        "2026-11-21T08:00:00.5",
        "2026-11-21T08:00:00.x5Z",
        "2026-11-21T08:00:00.1234567890Z",
        ""
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(DateTimeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "25", "000001", "123456", "999999999", "000000000", "010"})
  void fractionsAreReadToTheNanosecond(String fraction) {
    String text = "2026-11-21T08:00:00." + fraction + "Z";
    assertThat(Times.parse(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999999Z",
        "2024-02-29T12:34:56.000000999Z",
        "2026-11-21T08:00:00.120Z",
        "9999-12-31T23:59:59.5Z",
        "+10000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59.25Z",
      })
  void whatIsWrittenIsWhatTheLibraryWrites(String text) {
    Instant time = Instant.parse(text);
    assertThat(Times.seconds(time)).isEqualTo(time.truncatedTo(ChronoUnit.SECONDS).toString());
    assertThat(Times.micros(time))
        .isEqualTo(
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                .withZone(ZoneOffset.UTC)
                .format(time));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Random random = new Random(20261121);
    for (int i = 0; i < 10_000; i++) {
      Instant time = Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 250_000_000_000L));
      assertThat(Times.parse(Times.seconds(time))).isEqualTo(time);
      assertThat(Times.seconds(time)).isEqualTo(time.toString());
      Instant exact = time.plusNanos(1_000L * random.nextInt(1_000_000));
      assertThat(Times.parse(Times.micros(exact))).isEqualTo(exact);
    }
  }
}
