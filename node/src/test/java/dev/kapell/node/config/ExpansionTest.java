package dev.kapell.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpansionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$(A)          | one",
        "x$(A)y$(B)    | xoneytwo",
        "$(NONE)       | $(NONE)",
        "$$(A)         | $(A)",
        "$$$(A)        | $one",
        "$A            | $A",
        "$(A           | $(A",
        "a$            | a$"
      })
  void variablesAreReplacedAndEverythingElseStays(String text, String expected) {
    assertThat(Expansion.expand(text, Map.of("A", "one", "B", "two"))).isEqualTo(expected);
  }
}
