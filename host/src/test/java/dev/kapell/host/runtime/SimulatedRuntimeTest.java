package dev.kapell.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.Clock;
import dev.kapell.base.ManualClock;
import dev.kapell.host.image.OwnImages;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the twin, and what only a twin can do. */
class SimulatedRuntimeTest extends ContainerRuntimeContract {
  @TempDir Path directory;

  private final SimulatedRuntime runtime = new SimulatedRuntime(Clock.system());

  SimulatedRuntimeTest() {
    runtime.images().add(OwnImages.TOOLBOX);
  }

  @Override
  ContainerRuntime runtime() {
    return runtime;
  }

  @Override
  Path directory() {
    return directory;
  }

  @Test
  void containersLiveInVirtualTime() {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    SimulatedRuntime virtual = new SimulatedRuntime(clock);
    virtual.images().add("busybox");
    SandboxSpec spec =
        SandboxSpec.builder(new PodIdentity("default", "job", "1", 0), directory).build();
    SandboxId sandbox = virtual.runSandbox(spec);
    ContainerSpec container =
        ContainerSpec.builder("main", 0, "busybox:latest")
            .command("sh", "-c", "sleep 60; exit 2")
            .build();
    ContainerId id = virtual.createContainer(sandbox, spec, container);
    virtual.startContainer(id);
    clock.advance(Duration.ofSeconds(59));
    assertThat(virtual.containerStatus(id).orElseThrow().state()).isEqualTo(ContainerState.RUNNING);
    clock.advance(Duration.ofSeconds(1));
    ContainerStatus status = virtual.containerStatus(id).orElseThrow();
    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.finishedAt()).isEqualTo(Instant.ofEpochSecond(60));
  }

  @Test
  void aRuntimeThatIsDownSaysSo() {
    runtime.setAnswering(false);
    assertThatThrownBy(runtime::version)
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            e -> assertThat(e.kind()).isEqualTo(RuntimeFailure.Kind.UNAVAILABLE));
    runtime.setAnswering(true);
    assertThat(runtime.version().name()).isEqualTo("simulated");
  }

  @Test
  void aPullOfAnUnknownNameIsRefused() {
    runtime.images().absent("nowhere/nothing");
    assertThatThrownBy(() -> runtime.images().pull("nowhere/nothing", null))
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            e -> assertThat(e.kind()).isEqualTo(RuntimeFailure.Kind.IMAGE_NOT_FOUND));
    runtime.images().pull("nginx", null);
    assertThat(runtime.images().find("docker.io/library/nginx:latest")).isPresent();
  }
}
