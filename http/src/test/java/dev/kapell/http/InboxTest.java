package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final int PIECE = 100 << 10;

  @Test
  void whoWasToldToStopIsAskedForMoreAlsoWhenAPieceCameMeanwhile() throws Exception {
    AtomicInteger demands = new AtomicInteger();
    Inbox inbox = new Inbox(demands::incrementAndGet);
    assertThat(inbox.offer(new byte[PIECE])).isTrue();
    assertThat(inbox.offer(new byte[PIECE])).isTrue();
    assertThat(inbox.offer(new byte[PIECE])).isFalse();
    inbox.take(Duration.ZERO);
    assertThat(inbox.offer(new byte[1])).as("still full enough to wait").isFalse();
    for (int i = 0; i < 3; i++) {
      inbox.take(Duration.ZERO);
    }
    assertThat(demands).hasValue(1);
  }
}
