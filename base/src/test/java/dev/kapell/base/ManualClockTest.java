package dev.kapell.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);

  @Test
  void runsAlarmsAtTheirOwnTimeInOrder() {
    List<String> seen = new ArrayList<>();
    clock.schedule(Duration.ofSeconds(2), () -> seen.add("b at " + clock.now().getEpochSecond()));
    clock.schedule(
        Duration.ofSeconds(1),
        () -> {
          seen.add("a at " + clock.now().getEpochSecond());
          clock.schedule(
              Duration.ofSeconds(2), () -> seen.add("c at " + clock.now().getEpochSecond()));
        });

    clock.advance(Duration.ofSeconds(5));

    assertThat(seen).containsExactly("a at 1", "b at 2", "c at 3");
    assertThat(clock.now()).isEqualTo(Instant.ofEpochSecond(5));
  }

  @Test
  void forgetsCancelledAlarms() {
    List<String> seen = new ArrayList<>();
    Clock.Alarm alarm = clock.schedule(Duration.ofSeconds(1), () -> seen.add("late"));
    alarm.cancel();
    clock.advance(Duration.ofSeconds(2));
    assertThat(seen).isEmpty();
  }
}
