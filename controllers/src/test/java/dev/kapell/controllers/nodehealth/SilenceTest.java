package dev.kapell.controllers.nodehealth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.base.ManualClock;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.ControllerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** A clock whose time of day is {@code off}. */
  private record Skewed(Clock clock, Duration[] off) implements Clock {
    @Override
    public Instant now() {
      return clock.now().plus(off[0]);
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration span) throws InterruptedException {
      clock.sleep(span);
    }

    @Override
    public Alarm schedule(Duration delay, Runnable task) {
      return clock.schedule(delay, task);
    }
  }

  private static Node ready() {
    NodeCondition condition = NodeCondition.builder().type("Ready").status("True").build();
    return Node.builder()
        .metadata(ObjectMeta.builder().name("n").build())
        .status(NodeStatus.builder().conditions(List.of(condition)).build())
        .build();
  }

  @ParameterizedTest(name = "{0} s: {1} changes, again after {2} s")
  @CsvSource({"0, 0, 40", "39, 0, 1", "40, 2, -1", "100, 2, -1"})
  void isUnknownAfterFortySecondsOfSilence(long seconds, int changes, long again) {
    Plan plan =
        NodeHealthController.decideFor(
            new NodeHealthController.Seen(
                ready(),
                Duration.ofSeconds(seconds),
                ControllerOptions.NODE_GRACE,
                List.of(),
                NodeHealthController.GivingUp.NOW),
            NOW);
    assertThat(plan.changes()).hasSize(changes);
    assertThat(plan.again().map(Duration::toSeconds).orElse(-1L)).isEqualTo(again);
  }

  @ParameterizedTest(name = "a jump by {0} s")
  @CsvSource({"3600", "-3600", "41"})
  void aTimeOfDayThatJumpsMakesNobodySilent(long seconds) {
    ManualClock clock = new ManualClock(NOW);
    Duration[] off = {Duration.ZERO};
    Heartbeats heartbeats = new Heartbeats(new Skewed(clock, off));
    heartbeats.beat("n");
    clock.advance(Duration.ofSeconds(5));
    off[0] = Duration.ofSeconds(seconds);
    assertThat(heartbeats.silence("n")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aNodeNobodyHasHeardOfCountsFromNow() {
    Heartbeats heartbeats = new Heartbeats(new ManualClock(NOW));
    assertThat(heartbeats.silence("new")).isZero();
  }
}
