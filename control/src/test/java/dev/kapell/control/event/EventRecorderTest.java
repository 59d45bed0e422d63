package dev.kapell.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.base.Clock;
import dev.kapell.client.ListQuery;
import dev.kapell.control.server.MemoryServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
  private static final int ROOM = 4;
  private final MemoryServer server = new MemoryServer();
  private final EventRecorder recorder =
      new EventRecorder(server.client(), Clock.system(), "tester", "here", ROOM);

  @AfterEach
  void close() {
    recorder.close();
    server.close();
  }

  private int told() {
    return server.client().list(Types.CORE_EVENT, ListQuery.in("default")).items().size();
  }

  @Test
  void whoWaitsForRoomLosesNoEventInABurst() throws Exception {
    int burst = 50 * ROOM;
    for (int i = 0; i < burst; i++) {
      ConfigMap about = MemoryServer.map("m" + i, "x");
      recorder.recordWaiting(about, false, "Made", "made " + i);
    }
    MemoryServer.await("every event", () -> told() == burst);
    assertThat(recorder.droppedCount()).isZero();
  }

  @Test
  void whoDoesNotWaitIsNotHeldUpAndTheLostAreCounted() throws Exception {
    int burst = 5_000;
    for (int i = 0; i < burst; i++) {
      recorder.record(MemoryServer.map("m" + i, "x"), false, "Made", "made " + i);
    }
    MemoryServer.await("what was not lost", () -> told() + recorder.droppedCount() == burst);
    assertThat(recorder.droppedCount()).isPositive();
  }
}
