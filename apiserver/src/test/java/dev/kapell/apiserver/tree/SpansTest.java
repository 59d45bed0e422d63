package dev.kapell.apiserver.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans of time are read as Go reads them. */
class SpansTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "30s, PT30S",
    "1m30s, PT1M30S",
    "1.5h, PT1H30M",
    "1.50s, PT1.5S",
    "2.0s, PT2S",
    "0.000001ms, PT0.000000001S",
    "0.123456789h, PT7M24.4444404S",
    "1h0.25m7us3ns, PT1H15.000007003S",
    "-2h45m, PT-2H-45M",
  })
  void a_span_is_read(String text, Duration expected) {
    assertThat(Spans.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "soon, must be a span of time",
    "5, must be a span of time",
    "1.2.3s, must be a span of time",
    "3d, has a unit that is none of",
    "0.5ns, is finer",
    "0.0000001ms, is finer",
    "999999999999h, is longer",
  })
  void what_is_none_is_refused(String text, String why) {
    assertThatThrownBy(() -> Spans.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
