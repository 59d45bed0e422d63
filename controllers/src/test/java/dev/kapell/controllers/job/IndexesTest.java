package dev.kapell.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0,2", "1-3", "0,2-4,7,9-10"})
  void whatIsReadIsWrittenTheSame(String text) {
    assertThat(Indexes.format(Indexes.parse(text))).isEqualTo(text);
  }

  @Test
  void twoBillionIndexesAreCountedWithoutBeingNamed() {
    assertThat(Indexes.count("0-2147483646")).isEqualTo(Integer.MAX_VALUE);
    assertThat(Indexes.countIn("0-2,5-2147483646", Indexes.parse("1-6"))).isEqualTo(4);
  }
}
