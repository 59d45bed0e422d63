package dev.kapell.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditQueueTest {
  private static final int ROOM = 3;

  /** One whose reader rests for longer than any test. */
  private final AuditQueue queue = new AuditQueue(ROOM, Long.MAX_VALUE, Duration.ofHours(1));

  private void put(int... events) {
    for (int event : events) {
      assertThat(queue.put(AuditorTest.event(Integer.toString(event), Map.of()), false)).isTrue();
    }
  }

  private static List<String> ids(List<AuditEvent> events) {
    return events.stream().map(event -> event.asked().auditId()).toList();
  }

  @Test
  void theFirstIsTakenAtOnceAndARestEndsWhenNoMoreFit() throws Exception {
    put(1);
    assertThat(ids(queue.take())).containsExactly("1");
    put(IntStream.rangeClosed(2, 1 + ROOM).toArray());
    assertThat(ids(queue.take())).containsExactly("2", "3", "4");
    put(5);
    queue.close();
    assertThat(ids(queue.take())).containsExactly("5");
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void whatComesDuringARestIsTakenTogether() throws Exception {
    put(1);
    queue.take();
    ConcurrentLinkedQueue<List<String>> taken = new ConcurrentLinkedQueue<>();
    List<Throwable> broken = new ArrayList<>();
    try (TaskScope scope = new TaskScope("test", (_, cause) -> broken.add(cause))) {
      Thread reader = scope.startPlatform("reader", () -> taken.add(ids(queue.take())));
      while (reader.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      put(2, 3, 4);
      reader.join();
    }
    assertThat(broken).isEmpty();
    assertThat(taken).containsExactly(List.of("2", "3", "4"));
  }
}
