package dev.kapell.control.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.ManualClock;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.server.MemoryServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
  private static final ObjectKey LEASE = new ObjectKey("default", "leader");

  private final MemoryServer server = new MemoryServer();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final LeaderElection first = contender("first");
  private final LeaderElection second = contender("second");

  @AfterEach
  void stop() {
    server.close();
  }

  private LeaderElection contender(String name) {
    return new LeaderElection(server.client(), clock, LeaderElection.Terms.of(LEASE, name));
  }

  @Test
  void onlyOneHoldsItAndTheOtherGetsItWhenItIsNoLongerRenewed() {
    assertThat(first.tryAcquire()).isTrue();
    assertThat(second.tryAcquire()).isFalse();
    clock.advance(Duration.ofSeconds(10));
    assertThat(first.tryAcquire()).as("renewed").isTrue();
    clock.advance(Duration.ofSeconds(10));
    assertThat(second.tryAcquire()).as("seen to change").isFalse();
    clock.advance(Duration.ofSeconds(14));
    assertThat(second.tryAcquire()).as("not yet expired by its own clock").isFalse();
    clock.advance(Duration.ofSeconds(2));
    assertThat(second.tryAcquire()).as("expired").isTrue();
    assertThat(first.tryAcquire()).isFalse();
  }
}
