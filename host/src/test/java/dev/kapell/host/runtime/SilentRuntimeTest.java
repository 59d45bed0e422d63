package dev.kapell.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.Clock;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.process.Processes;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilentRuntimeTest {
  @TempDir Path folder;

  @Test
  void everyCallIsAnsweredWithNothing() throws Exception {
    Path socket = folder.resolve("cri.sock");
    CountDownLatch subscribed = new CountDownLatch(1);
    try (SilentRuntime _ = SilentRuntime.listen(socket);
        CriRuntime runtime = new CriRuntime(socket, Processes.ofThisMachine(), Clock.system())) {
      assertThat(runtime.version().name()).isEmpty();
      assertThat(runtime.status().runtimeReady()).isFalse();
      assertThat(runtime.listContainers()).isEmpty();
      assertThat(runtime.images().find(OwnImages.PAUSE)).isEmpty();
      SandboxSpec spec = SandboxSpec.builder(new PodIdentity("d", "p", "1", 0), folder).build();
      assertThat(runtime.runSandbox(spec)).isEqualTo(new SandboxId(""));
      try (ContainerRuntime.Subscription _ = runtime.subscribe(listener(subscribed))) {
        assertThat(subscribed.await(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aClosedOneDoesNotAnswer() throws Exception {
    Path socket = folder.resolve("cri.sock");
    SilentRuntime.listen(socket).close();
    try (CriRuntime runtime = new CriRuntime(socket, Processes.ofThisMachine(), Clock.system())) {
      assertThatThrownBy(runtime::version).isInstanceOf(RuntimeFailure.class);
    }
  }

  private static RuntimeListener listener(CountDownLatch subscribed) {
    return new RuntimeListener() {
      @Override
      public void event(RuntimeEvent event) {
        throw new AssertionError(event);
      }

      @Override
      public void resync(String reason) {
        subscribed.countDown();
      }
    };
  }
}
