package dev.kapell.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest(name = "{0} is written {1}")
  @CsvSource({
    "0, 0",
    "0Ki, 0",
    "1, 1",
    "1000m, 1",
    "0.5, 500m",
    "1500m, 1500m",
    "1024, 1024",
    "1024Ki, 1Mi",
    "1.5Gi, 1536Mi",
    "0.5Ki, 512",
    "1000, 1k",
    "1100, 1100",
    "1000000, 1M",
    "1e3, 1e3",
    "12e6, 12e6",
    "1E, 1E",
    "1Ei, 1Ei",
    "-5, -5",
    "+5, 5",
    ".5, 500m",
    "5., 5",
    "0.000000001, 1n",
    "0.0000000001, 1n",
    "100u, 100u",
    "1025Mi, 1025Mi",
    "0.1Ki, 102400m",
    "1500k, 1500k",
    "2000Mi, 2000Mi",
    "2048Mi, 2Gi"
  })
  void isWrittenInCanonicalForm(String text, String canonical) {
    assertThat(Quantity.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Ki", "1 Gi", "1kb", "1gi", "--1", "1.2.3", "e3", "1e", "1m5", "0x10", "1KI"})
  void whatIsNoQuantityIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quantities must match the regular expression");
  }

  @ParameterizedTest(name = "{0} is {1} whole and {2} thousandths")
  @CsvSource({
    "1m, 1, 1",
    "1, 1, 1000",
    "1500m, 2, 1500",
    "100u, 1, 1",
    "1Ki, 1024, 1024000",
    "0, 0, 0",
    "9Ei, 9223372036854775807, 9223372036854775807"
  })
  void roundsUp(String text, long whole, long milli) {
    assertThat(Quantity.parse(text).value()).isEqualTo(whole);
    assertThat(Quantity.parse(text).milliValue()).isEqualTo(milli);
  }

  @Test
  void sumsKeepTheirForm() {
    assertThat(Quantity.parse("1Gi").plus(Quantity.parse("512Mi"))).hasToString("1536Mi");
    assertThat(Quantity.ZERO.plus(Quantity.parse("1Mi"))).hasToString("1Mi");
    assertThat(Quantity.parse("1").minus(Quantity.parse("250m"))).hasToString("750m");
    assertThat(Quantity.parse("250m").times(3)).hasToString("750m");
  }

  @Test
  void comparesNumbersAndNotTexts() {
    assertThat(Quantity.parse("1Ki"))
        .isEqualTo(Quantity.parse("1024"))
        .isGreaterThan(Quantity.parse("1k"));
  }
}
