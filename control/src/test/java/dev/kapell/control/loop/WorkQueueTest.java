package dev.kapell.control.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.Backoff;
import dev.kapell.base.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final WorkQueue<String> queue =
      new WorkQueue<>(clock, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8)));

  @Test
  void aNameAddedTwiceComesOnce() throws Exception {
    queue.add("a");
    queue.add("b");
    queue.add("a");
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.take()).isEqualTo("b");
    assertThat(queue.depth()).isZero();
  }

  @Test
  void aNameAddedWhileWorkedOnComesAgainOnlyAfterThat() throws Exception {
    queue.add("a");
    assertThat(queue.take()).isEqualTo("a");
    queue.add("a");
    assertThat(queue.depth()).isZero();
    queue.done("a");
    assertThat(queue.depth()).isEqualTo(1);
    assertThat(queue.take()).isEqualTo("a");
    queue.done("a");
    assertThat(queue.isIdle()).isTrue();
  }

  @Test
  void ofSeveralDelaysTheEarliestCounts() {
    queue.addAfter("a", Duration.ofSeconds(5));
    queue.addAfter("a", Duration.ofSeconds(2));
    queue.addAfter("a", Duration.ofSeconds(9));
    clock.advance(Duration.ofSeconds(1));
    assertThat(queue.depth()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(queue.depth()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(10));
    assertThat(queue.depth()).isEqualTo(1);
  }

  @Test
  void failuresWaitLongerEachTimeUntilASuccess() {
    assertThat(queue.failed("a")).isEqualTo(Duration.ofSeconds(1));
    assertThat(queue.failed("a")).isEqualTo(Duration.ofSeconds(2));
    assertThat(queue.failed("b")).isEqualTo(Duration.ofSeconds(1));
    queue.succeeded("a");
    assertThat(queue.failed("a")).isEqualTo(Duration.ofSeconds(1));
  }
}
