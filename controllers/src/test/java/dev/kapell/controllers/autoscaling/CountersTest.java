package dev.kapell.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CountersTest {
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private final Counters counters = new Counters();

  @Test
  void theIncreaseInASecondCountsFromTheSecondLookOn() {
    assertThat(counters.rate("a", 100, START)).isEmpty();
    assertThat(counters.rate("a", 130, START.plusSeconds(15))).hasValue(2_000);
    assertThat(counters.rate("a", 131, START.plusSeconds(16)))
        .as("too soon to tell anything else")
        .hasValue(2_000);
    assertThat(counters.rate("b", 5, START.plusSeconds(15))).isEmpty();
  }

  @Test
  void aCounterThatBeginsAnewIsLookedAtAnew() {
    counters.rate("a", 100, START);
    assertThat(counters.rate("a", 3, START.plusSeconds(15))).isEmpty();
    assertThat(counters.rate("a", 18, START.plusSeconds(30))).hasValue(1_000);
  }
}
