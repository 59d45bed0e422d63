package dev.kapell.scheduler.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.scheduler.demand.ResourceNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "0, 800, 800m, 800m",
    "0, 1200, 1.2, 1.2",
    "0, 2000, 2, 2",
    "0, 64000, 64, 64",
    "1, 0, 0, 0",
    "1, 512, 512, 512",
    "1, 1024, 1Ki, 1Ki",
    "1, 1610612736, 1.5Gi, 1.5Gi",
    "1, 1610612737, 1.5Gi, 1.6Gi",
    "1, 8589934592, 8Gi, 8Gi",
    "2, 3, 3, 3"
  })
  void readsAsAPersonWouldSayIt(int column, long value, String atMost, String atLeast) {
    Amount amount = new Amount(new ResourceNames(), column, value);

    assertThat(amount.atMost()).isEqualTo(atMost);
    assertThat(amount.atLeast()).isEqualTo(atLeast);
  }
}
