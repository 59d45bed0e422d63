package dev.kapell.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.host.Waiting;
import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.host.cgroup.CgroupPath;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.image.ImageSpec;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.mount.Mounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a real containerd, and what only a real one has: death, adoption, leftovers. */
class CriRuntimeTest extends ContainerRuntimeContract {
  private static RealContainerd real;

  @BeforeAll
  static void starts() throws Exception {
    real = new RealContainerd();
  }

  @AfterAll
  static void leavesNothingBehind() throws Exception {
    if (real == null) {
      return;
    }
    long pid = real.containerd().pid();
    real.tearDown();
    assertThat(real.processes.isAlive(pid)).isFalse();
    assertThat(Mounts.ofThisMachine().below(real.directory)).isEmpty();
    assertThat(real.directory).doesNotExist();
    try (var files = Files.list(Path.of("/run/netns"))) {
      assertThat(files.filter(file -> file.toString().contains("kapell-host"))).isEmpty();
    } catch (java.nio.file.NoSuchFileException e) {
      assertThat(e).hasMessageContaining("netns");
    }
  }

  @Override
  ContainerRuntime runtime() {
    return real.runtime();
  }

  @Override
  Path directory() {
    return real.directory;
  }

  private SandboxSpec spec(String name) throws Exception {
    Path logs = Files.createDirectories(directory().resolve("logs").resolve(name));
    return SandboxSpec.builder(new PodIdentity("test", name, name + "-uid", 0), logs).build();
  }

  private static ContainerSpec shell(String name, String script) {
    return ContainerSpec.builder(name, 0, OwnImages.TOOLBOX).command("sh", "-c", script).build();
  }

  @Test
  void aContainersOutputIsInItsLog() throws Exception {
    SandboxSpec spec = spec("logs");
    SandboxId sandbox = runtime().runSandbox(spec);
    try (RecordedEvents events = new RecordedEvents(runtime())) {
      events.awaitResync();
      ContainerSpec container =
          shell("main", "echo $WHO; echo oops >&2; cat /data/file").toBuilder()
              .env(Map.of("WHO", "somebody"))
              .mounts(List.of(new ContainerMount(dataDirectory().toString(), "/data", true)))
              .build();
      ContainerId id = runtime().createContainer(sandbox, spec, container);
      runtime().startContainer(id);
      assertThat(events.awaitExit(id.value()).exitCode()).isZero();
    }
    assertThat(Files.readAllLines(spec.logDirectory().resolve("main/0.log")))
        .anyMatch(line -> line.endsWith(" stdout F somebody"))
        .anyMatch(line -> line.endsWith(" stderr F oops"))
        .anyMatch(line -> line.endsWith(" stdout F from the host"));
  }

  @Test
  void aContainerIsStoppedByTheSignalOfItsChoice() throws Exception {
    SandboxSpec spec = spec("signalled");
    SandboxId sandbox = runtime().runSandbox(spec);
    String script =
        "trap 'exit 42' USR1; trap 'exit 15' TERM; echo set; while :; do sleep 0.1; done";
    ContainerId id = runtime().createContainer(sandbox, spec, shell("main", script));
    runtime().startContainer(id);
    Path log = spec.logDirectory().resolve("main/0.log");
    Waiting.until("the traps are set", () -> text(log).contains("set"));
    runtime().stopContainer(id, Duration.ofSeconds(30), "SIGUSR1");
    assertThat(runtime().containerStatus(id).orElseThrow().exitCode()).isEqualTo(42);
    runtime().stopContainer(id, Duration.ofSeconds(30), "SIGUSR1");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return ""; // not written yet
    }
  }

  private Path dataDirectory() throws Exception {
    Path data = Files.createDirectories(directory().resolve("data"));
    Files.writeString(data.resolve("file"), "from the host\n");
    return data;
  }

  @Test
  void podsReachEachOther() throws Exception {
    SandboxSpec server = spec("server");
    SandboxId serverSandbox = runtime().runSandbox(server);
    ContainerId web =
        runtime()
            .createContainer(
                serverSandbox,
                server,
                shell("web", "echo page > /www/index.html; httpd -f -p 8080 -h /www"));
    runtime().startContainer(web);
    String address = runtime().sandboxStatus(serverSandbox).orElseThrow().ips().getFirst();
    SandboxSpec client = spec("client");
    SandboxId clientSandbox = runtime().runSandbox(client);
    ContainerId shell = runtime().createContainer(clientSandbox, client, shell("sh", "sleep 600"));
    runtime().startContainer(shell);
    String script =
        "for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://"
            + address
            + ":8080/ && break; sleep 1; done";
    ExecResult page =
        runtime().execSync(shell, List.of("sh", "-c", script), Duration.ofSeconds(20));
    assertThat(page.stdoutText()).isEqualTo("page\n");
  }

  @Test
  void theSandboxEndsAtOnceWhenAsked() throws Exception {
    SandboxSpec spec = spec("pause");
    SandboxId sandbox = runtime().runSandbox(spec);
    try (RecordedEvents events = new RecordedEvents(runtime())) {
      events.awaitResync();
      runtime().stopSandbox(sandbox);
      assertThat(events.awaitExit(sandbox.value()).exitCode()).isIn(0, 137, 143);
    }
  }

  @Test
  void whatRunsIsFoundAgainAfterARestartOfOurs() throws Exception {
    SandboxSpec spec = spec("adopted");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id = runtime().createContainer(sandbox, spec, shell("main", "sleep 600"));
    runtime().startContainer(id);
    long before = real.containerd().pid();
    real.restartOurselves();
    assertThat(real.containerd().pid()).isEqualTo(before);
    assertThat(runtime().containerStatus(id).orElseThrow().state())
        .isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void anAdoptedContainerdThatDiesIsStartedAgain() throws Exception {
    real.restartOurselves();
    long adopted = real.containerd().pid();
    ProcessHandle.of(adopted).orElseThrow().destroyForcibly();
    Waiting.until("another containerd runs", () -> real.containerd().pid() != adopted);
    assertThat(runtime().version().name()).isEqualTo("containerd");
  }

  @Test
  void limitsHoldInACgroupOfTheCallersChoice() throws Exception {
    Cgroups cgroups = Cgroups.ofThisMachine();
    CgroupPath root = new CgroupPath("/" + directory().getFileName());
    CgroupPath pod = root.child("besteffort").child("pod1");
    cgroups.create(pod, new CgroupLimits(0, 0, 0, 0, 50));
    SandboxSpec spec = spec("limited").toBuilder().cgroupParent(pod.value()).build();
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerSpec container =
        shell("main", "tail /dev/zero").toBuilder()
            .resources(new LinuxResources(100_000, 50_000, 128, 16 << 20, 0, "", ""))
            .build();
    try (RecordedEvents events = new RecordedEvents(runtime())) {
      events.awaitResync();
      ContainerId id = runtime().createContainer(sandbox, spec, container);
      assertThat(cgroups.children(pod)).contains(sandbox.value());
      runtime().startContainer(id);
      assertThat(events.awaitExit(id.value()).exitCode()).isEqualTo(137);
      assertThat(runtime().containerStatus(id).orElseThrow().reason()).isEqualTo("OOMKilled");
    }
    assertThat(cgroups.usage(pod).orElseThrow().cpuNanos()).isPositive();
    runtime().stopSandbox(sandbox);
    runtime().removeSandbox(sandbox);
    Waiting.until("the cgroup is free", () -> cgroups.remove(root));
    assertThat(cgroups.exists(root)).isFalse();
  }

  @Test
  void archivesOfDockerAndGzippedOnesAreLoaded() throws Exception {
    ImageSpec image = OwnImages.pause("amd64");
    Path archive = directory().resolve("my image.tar.gz");
    DockerArchive.write(archive, image, "example/app:2");
    assertThat(runtime().images().load(archive)).containsExactly("docker.io/example/app:2");
    Images.Image found = runtime().images().find("example/app:2").orElseThrow();
    assertThat(found.tags()).contains("docker.io/example/app:2");
    runtime().images().remove("example/app:2");
    assertThat(runtime().images().find("example/app:2")).isEmpty();
    Path nonsense = Files.writeString(directory().resolve("nonsense.tar"), "no archive");
    assertThatThrownBy(() -> runtime().images().load(nonsense))
        .isInstanceOf(RuntimeFailure.class)
        .hasMessageContaining("no image archive");
    assertThatThrownBy(() -> runtime().images().load(Path.of("/no/such/file.tar")))
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            e -> assertThat(e.kind()).isEqualTo(RuntimeFailure.Kind.NOT_FOUND));
  }

  @Test
  void aPullThatCannotBeSaysWhy() {
    assertThatThrownBy(() -> runtime().images().pull("127.0.0.1:1/none/nothing:1", null))
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            e -> assertThat(e.kind()).isEqualTo(RuntimeFailure.Kind.IMAGE_PULL_FAILED));
    assertThatThrownBy(() -> runtime().images().pull("UPPER CASE", null))
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            e -> assertThat(e.kind()).isEqualTo(RuntimeFailure.Kind.INVALID_IMAGE_NAME));
  }

  @Test
  void streamsAreServedOnLoopback() throws Exception {
    SandboxSpec spec = spec("streams");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id = runtime().createContainer(sandbox, spec, shell("main", "sleep 600"));
    runtime().startContainer(id);
    StreamOptions streams = new StreamOptions(false, true, true, false);
    assertThat(runtime().execUrl(id, List.of("ls"), streams).getHost()).isEqualTo("127.0.0.1");
    assertThat(runtime().attachUrl(id, streams).getPort()).isPositive();
    assertThat(runtime().portForwardUrl(sandbox, List.of(80)).getScheme()).isEqualTo("http");
    runtime().reopenLog(id);
    runtime().updateResources(id, new LinuxResources(0, 0, 256, 64 << 20, 0, "", ""));
  }

  @Test
  void aKilledContainerdIsBackAndItsContainersNeverStopped() throws Exception {
    SandboxSpec spec = spec("survivor");
    SandboxId sandbox = runtime().runSandbox(spec);
    ContainerId id = runtime().createContainer(sandbox, spec, shell("main", "sleep 600"));
    runtime().startContainer(id);
    var startedAt = runtime().containerStatus(id).orElseThrow().startedAt();
    try (RecordedEvents events = new RecordedEvents(runtime())) {
      events.awaitResync();
      ProcessHandle.of(real.containerd().pid()).orElseThrow().destroyForcibly();
      Waiting.until(
          "containerd is back",
          () ->
              runtime().containerStatus(id).map(ContainerStatus::state).orElse(null)
                  == ContainerState.RUNNING);
      assertThat(runtime().containerStatus(id).orElseThrow().startedAt()).isEqualTo(startedAt);
      Waiting.until("the listener was told to look again", () -> events.resyncs() >= 2);
      runtime().stopContainer(id, Duration.ZERO);
      assertThat(events.awaitExit(id.value()).exitCode()).isEqualTo(137);
    }
  }
}
