package dev.kapell.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

  @ParameterizedTest
  @CsvSource({"0,0", "1,10", "2,20", "3,40", "6,300", "1000000,300"})
  void doublesUpToItsLimit(int failures, long expectedSeconds) {
    assertThat(backoff.after(failures)).isEqualTo(Duration.ofSeconds(expectedSeconds));
  }
}
