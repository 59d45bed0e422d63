package dev.kapell.control.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.ManualClock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.server.MemoryServer;
import dev.kapell.store.Commit;
import dev.kapell.store.ForwardingStore;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
  private static final ObjectKey LEASE = new ObjectKey("default", "leader");

  private final MemoryServer server = new MemoryServer();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final LeaderElection first = contender("first");
  private final LeaderElection second = contender("second");

  /** A store whose writes can hang. */
  private static final class HangingStore extends ForwardingStore {
    private volatile boolean hangs;

    HangingStore(Store store) {
      super(store);
    }

    @Override
    public Commit write(List<Op> transaction) throws InterruptedException {
      if (hangs) {
        new CountDownLatch(1).await();
      }
      return super.write(transaction);
    }
  }

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

  @Test
  void stepsDownInTimeWhenItsRenewalHangs() throws InterruptedException {
    Store memory = MemoryStore.open(StoreOptions.defaults());
    HangingStore store = new HangingStore(memory);
    CountDownLatch leads = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (memory;
        MemoryServer hanging = new MemoryServer(store);
        TaskScope scope = new TaskScope("contender", (task, cause) -> {})) {
      LeaderElection election =
          new LeaderElection(hanging.client(), clock, LeaderElection.Terms.of(LEASE, "first"));
      scope.start("run", () -> election.run(() -> leadUntilStopped(leads, stopped)));
      assertThat(leads.await(15, TimeUnit.SECONDS)).isTrue();
      store.hangs = true;
      MemoryServer.await("the end of its lead", () -> isStoppedBy(Duration.ofSeconds(1), stopped));
    }
  }

  private static void leadUntilStopped(CountDownLatch leads, CountDownLatch stopped)
      throws InterruptedException {
    leads.countDown();
    try {
      new CountDownLatch(1).await();
    } finally {
      stopped.countDown();
    }
  }

  private boolean isStoppedBy(Duration more, CountDownLatch stopped) {
    clock.advance(more);
    return stopped.getCount() == 0;
  }
}
