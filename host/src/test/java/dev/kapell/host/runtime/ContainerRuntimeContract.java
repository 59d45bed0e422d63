package dev.kapell.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.host.image.OwnImages;
import dev.kapell.host.runtime.RuntimeFailure.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ContainerRuntime} does. It has the toolbox image and a pod network. */
abstract class ContainerRuntimeContract {
  private static final Duration NOW = Duration.ZERO;
  private static final String TOOLBOX = OwnImages.TOOLBOX;

  /** The runtime under test, the same for all tests of a class. */
  abstract ContainerRuntime runtime();

  /** A directory for logs and the like. */
  abstract Path directory();

  private SandboxSpec spec(String name) {
    PodIdentity pod = new PodIdentity("default", name, UUID.randomUUID().toString(), 0);
    Path logs = directory().resolve("logs").resolve(pod.uid());
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return SandboxSpec.builder(pod, logs).labels(Map.of("app", name)).build();
  }

  private static ContainerSpec sleeper(String name) {
    return ContainerSpec.builder(name, 0, TOOLBOX)
        .command("sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 1 & wait; done")
        .build();
  }

  @AfterEach
  void removesEverything() {
    for (SandboxSummary sandbox : runtime().listSandboxes()) {
      runtime().stopSandbox(sandbox.id());
      runtime().removeSandbox(sandbox.id());
    }
    assertThat(runtime().listSandboxes()).isEmpty();
    assertThat(runtime().listContainers()).isEmpty();
  }

  @Test
  void tellsItsNameAndThatItIsReady() {
    assertThat(runtime().version().name()).isNotEmpty();
    assertThat(runtime().version().apiVersion()).isEqualTo("v1");
    RuntimeStatus status = runtime().status();
    assertThat(status.ready()).as(status.message()).isTrue();
  }

  @Test
  void aSandboxHasAnAddressAndItsLabels() {
    SandboxSpec spec = spec("addressed");
    SandboxId id = runtime().runSandbox(spec);
    SandboxStatus status = runtime().sandboxStatus(id).orElseThrow();
    assertThat(status.ready()).isTrue();
    assertThat(status.ips()).hasSize(1);
    assertThat(status.pod()).isEqualTo(spec.pod());
    assertThat(status.labels()).containsEntry("app", "addressed");
    assertThat(runtime().listSandboxes()).extracting(SandboxSummary::id).containsExactly(id);

    runtime().stopSandbox(id);
    assertThat(runtime().sandboxStatus(id).orElseThrow().ready()).isFalse();
    runtime().removeSandbox(id);
    assertThat(runtime().sandboxStatus(id)).isEmpty();
    runtime().stopSandbox(id);
    runtime().removeSandbox(id);
  }

  @Test
  void theSameSandboxTwiceIsRefused() {
    SandboxSpec spec = spec("twice");
    runtime().runSandbox(spec);
    assertThatThrownBy(() -> runtime().runSandbox(spec))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS));
  }

  @Test
  void aContainerGoesFromCreatedToRunningToExited() {
    SandboxSpec spec = spec("life");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id =
        runtime()
            .createContainer(
                sandbox,
                spec,
                sleeper("main").toBuilder().labels(Map.of("container", "main")).build());
    ContainerStatus created = runtime().containerStatus(id).orElseThrow();
    assertThat(created.state()).isEqualTo(ContainerState.CREATED);
    assertThat(created.startedAt()).isNull();

    runtime().startContainer(id);
    ContainerStatus running = runtime().containerStatus(id).orElseThrow();
    assertThat(running.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(running.startedAt()).isNotNull();
    assertThat(running.finishedAt()).isNull();
    assertThat(running.logPath()).isEqualTo(spec.logDirectory().resolve("main/0.log").toString());
    assertThat(running.labels()).containsEntry("container", "main");
    assertThat(runtime().listContainers(sandbox))
        .singleElement()
        .satisfies(
            listed -> {
              assertThat(listed.id()).isEqualTo(id);
              assertThat(listed.sandbox()).isEqualTo(sandbox);
              assertThat(listed.state()).isEqualTo(ContainerState.RUNNING);
            });

    runtime().stopContainer(id, NOW);
    ContainerStatus exited = runtime().containerStatus(id).orElseThrow();
    assertThat(exited.state()).isEqualTo(ContainerState.EXITED);
    assertThat(exited.exitCode()).isEqualTo(137);
    assertThat(exited.reason()).isEqualTo("Error");
    assertThat(exited.finishedAt()).isNotNull();
    runtime().stopContainer(id, NOW);
    runtime().removeContainer(id);
    runtime().removeContainer(id);
    assertThat(runtime().containerStatus(id)).isEmpty();
  }

  @Test
  void aCommandThatIsNotThereIsAStartFailure() {
    SandboxSpec spec = spec("nocommand");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerSpec container =
        ContainerSpec.builder("main", 0, TOOLBOX).command("/no/such/program").build();
    ContainerId id = runtime().createContainer(sandbox, spec, container);
    assertThatThrownBy(() -> runtime().startContainer(id))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.START_FAILED));
  }

  @Test
  void anExitIsToldAndTheStatusAgreesByThen() throws Exception {
    SandboxSpec spec = spec("events");
    SandboxId sandbox = runtime().runSandbox(spec);
    try (RecordedEvents events = new RecordedEvents(runtime())) {
      events.awaitResync();
      ContainerSpec container =
          ContainerSpec.builder("main", 0, TOOLBOX).command("sh", "-c", "exit 7").build();
      ContainerId id = runtime().createContainer(sandbox, spec, container);
      runtime().startContainer(id);
      RuntimeEvent.Exited exited = events.awaitExit(id.value());
      assertThat(exited.exitCode()).isEqualTo(7);
      assertThat(events.statesAtExit()).containsEntry(id.value(), ContainerState.EXITED);
      ContainerStatus status = runtime().containerStatus(id).orElseThrow();
      assertThat(status.exitCode()).isEqualTo(7);
      assertThat(status.reason()).isEqualTo("Error");
      assertThat(events.started()).contains(id.value());
    }
  }

  @Test
  void execGivesOutputAndExitCode() {
    SandboxSpec spec = spec("exec");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id = runtime().createContainer(sandbox, spec, sleeper("main"));
    runtime().startContainer(id);
    ExecResult result =
        runtime().execSync(id, List.of("sh", "-c", "exit 4"), Duration.ofSeconds(10));
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(
            runtime().execSync(id, List.of("echo", "hello"), Duration.ofSeconds(10)).stdoutText())
        .isEqualTo("hello\n");
  }

  @Test
  void execThatTakesTooLongIsCutOff() {
    SandboxSpec spec = spec("slow");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id = runtime().createContainer(sandbox, spec, sleeper("main"));
    runtime().startContainer(id);
    assertThatThrownBy(() -> runtime().execSync(id, List.of("sleep", "30"), Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEADLINE_EXCEEDED));
  }

  @Test
  void statsAreThoseOfRunningContainers() {
    SandboxSpec spec = spec("stats");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id = runtime().createContainer(sandbox, spec, sleeper("main"));
    runtime().startContainer(id);
    ContainerStats stats = runtime().stats(id).orElseThrow();
    assertThat(stats.name()).isEqualTo("main");
    assertThat(stats.memoryUsageBytes()).isPositive();
    assertThat(runtime().stats()).extracting(ContainerStats::id).contains(id);
    assertThat(runtime().stats(new ContainerId("none"))).isEmpty();
  }

  @Test
  void anImageThatIsNotThereIsNotThere() {
    assertThat(runtime().images().find("kapell.local/absent:1")).isEmpty();
    assertThat(runtime().images().find(TOOLBOX)).isPresent();
    assertThat(runtime().images().list())
        .anySatisfy(image -> assertThat(image.tags()).contains(TOOLBOX));
    SandboxSpec spec = spec("noimage");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerSpec container = ContainerSpec.builder("main", 0, "kapell.local/absent:1").build();
    assertThatThrownBy(() -> runtime().createContainer(sandbox, spec, container))
        .isInstanceOf(RuntimeFailure.class);
  }
}
