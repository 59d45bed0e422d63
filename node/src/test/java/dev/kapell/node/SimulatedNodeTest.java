package dev.kapell.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Bytes;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.ConfigMapVolumeSource;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.ExecAction;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.core.v1.ProjectedVolumeSource;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.api.core.v1.SecretProjection;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeProjection;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.host.cgroup.SimulatedCgroups;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.SimulatedRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent on the simulated runtime: every loop and thread is real, only the machine is not. */
final class SimulatedNodeTest {
  private static final String IMAGE = "kapell.local/toolbox:1";

  @TempDir private Path data;
  private final SimulatedRuntime runtime = new SimulatedRuntime(Clock.system());
  private final SimulatedCgroups cgroups = new SimulatedCgroups();
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    runtime.images().add(IMAGE);
    cluster = Cluster.simulated(runtime, cgroups, data);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static PodSpec spec(Container... containers) {
    return PodSpec.EMPTY.withContainers(List.of(containers));
  }

  private static Container sleeper(String name) {
    return Cluster.container(name, IMAGE, "sleep", "3600");
  }

  private static ContainerId id(Pod pod, String container) {
    return Cluster.id(pod, container);
  }

  @Test
  void theNodeRegistersAndBecomesReady() throws InterruptedException {
    Node node =
        Waiting.present(
            () -> "no ready node",
            () ->
                cluster
                    .api
                    .find(Types.NODE, ObjectKey.cluster("n1"))
                    .filter(
                        n ->
                            n.status().conditions().stream()
                                .anyMatch(
                                    c ->
                                        c.typeOr("").equals("Ready")
                                            && c.statusOr("").equals("True"))));
    assertThat(node.metadata().labels())
        .containsEntry("kubernetes.io/hostname", "n1")
        .containsEntry("kubernetes.io/os", "linux");
    assertThat(node.status().capacity().get("cpu")).hasToString("2");
    Waiting.present(
        () -> "no lease",
        () -> cluster.api.find(Types.LEASE, new ObjectKey("kube-node-lease", "n1")));
  }

  @Test
  void aPodRunsAndIsReady() throws InterruptedException {
    cluster.create("web", spec(sleeper("app")));
    Pod pod = cluster.await("web", p -> Cluster.condition(p, "Ready"));
    assertThat(pod.status().phase()).isEqualTo("Running");
    assertThat(pod.status().podIPOr("")).startsWith("10.42.0.");
    assertThat(pod.status().qosClass()).isEqualTo("BestEffort");
    assertThat(Cluster.status(pod, "app").ready()).isTrue();
  }

  @Test
  void aDeletedPodLeavesNothing() throws InterruptedException {
    Pod pod = cluster.create("web", spec(sleeper("app")));
    cluster.awaitPhase("web", "Running");
    cluster.delete("web", 1);
    cluster.awaitGone("web");
    assertThat(runtime.listSandboxes()).isEmpty();
    assertThat(runtime.listContainers()).isEmpty();
    assertThat(data.resolve("pods").resolve(pod.metadata().uidOr(""))).doesNotExist();
    assertThat(cgroups.children(new dev.kapell.host.cgroup.CgroupPath("/kubepods/besteffort")))
        .isEmpty();
  }

  @Test
  void aPodThatVanishesFromTheApiIsTakenDown() throws InterruptedException {
    cluster.create("web", spec(sleeper("app")));
    cluster.awaitPhase("web", "Running");
    cluster.delete("web", 0);
    cluster.awaitGone("web");
    assertThat(runtime.listSandboxes()).isEmpty();
  }

  @Test
  void anExitedContainerIsStartedAgainAndThenWaits() throws InterruptedException {
    cluster.create("web", spec(sleeper("app")));
    Pod first = cluster.await("web", p -> Cluster.condition(p, "Ready"));
    runtime.exit(id(first, "app"), 3);
    Pod second =
        cluster.await(
            "web",
            p -> Cluster.condition(p, "Ready") && Cluster.status(p, "app").restartCountOr(0) == 1);
    assertThat(Cluster.ended(Cluster.status(second, "app").lastState()).exitCode()).isEqualTo(3);
    runtime.exit(id(second, "app"), 4);
    Pod third =
        cluster.await(
            "web",
            p -> {
              var state = Cluster.status(p, "app").state();
              return state != null && state.waiting() != null;
            });
    assertThat(Cluster.waiting(third, "app")).isEqualTo("CrashLoopBackOff");
    assertThat(third.status().phase()).isEqualTo("Running");
    assertThat(Cluster.condition(third, "Ready")).isFalse();
  }

  @Test
  void aJobPodSucceeds() throws InterruptedException {
    cluster.create("job", spec(Cluster.container("app", IMAGE, "true")).withRestartPolicy("Never"));
    Pod pod = cluster.awaitPhase("job", "Succeeded");
    assertThat(Cluster.ended(Cluster.status(pod, "app").state()).reason()).isEqualTo("Completed");
  }

  @Test
  void aFailingJobPodFails() throws InterruptedException {
    cluster.create(
        "job", spec(Cluster.container("app", IMAGE, "false")).withRestartPolicy("Never"));
    cluster.awaitPhase("job", "Failed");
  }

  @Test
  void initContainersRunInOrderBeforeTheOthers() throws InterruptedException {
    cluster.create(
        "web",
        spec(sleeper("app"))
            .withInitContainers(
                List.of(
                    Cluster.container("one", IMAGE, "true"),
                    Cluster.container("two", IMAGE, "true"))));
    Pod pod = cluster.await("web", p -> Cluster.condition(p, "Ready"));
    assertThat(pod.status().initContainerStatuses()).allMatch(s -> s.readyOr(false));
    assertThat(Cluster.condition(pod, "Initialized")).isTrue();
  }

  @Test
  void aSidecarRunsBesideTheMainContainerAndEndsAfterIt() throws InterruptedException {
    cluster.create(
        "job",
        spec(Cluster.container("app", IMAGE, "true"))
            .withRestartPolicy("Never")
            .withTerminationGracePeriodSeconds(1L)
            .withInitContainers(List.of(sleeper("side").withRestartPolicy("Always"))));
    Pod pod = cluster.awaitPhase("job", "Succeeded");
    assertThat(Cluster.ended(pod.status().initContainerStatuses().getFirst().state())).isNotNull();
  }

  @Test
  void anImageThatIsNowhereIsSaidSo() throws InterruptedException {
    runtime.images().absent("nowhere/none:1");
    cluster.create("web", spec(Cluster.container("app", "nowhere/none:1")));
    Pod pod =
        cluster.await(
            "web",
            p ->
                !p.status().containerStatuses().isEmpty()
                    && !Cluster.waiting(p, "app").isEmpty()
                    && !Cluster.waiting(p, "app").equals("ContainerCreating"));
    assertThat(Cluster.waiting(pod, "app")).isIn("ErrImagePull", "ImagePullBackOff");
    assertThat(pod.status().phase()).isEqualTo("Pending");
  }

  @Test
  void aFailingLivenessProbeRestartsTheContainer() throws InterruptedException {
    Probe probe =
        Probe.builder()
            .exec(ExecAction.builder().command(List.of("false")).build())
            .periodSeconds(1)
            .failureThreshold(1)
            .build();
    cluster.create(
        "web", spec(sleeper("app").withLivenessProbe(probe)).withTerminationGracePeriodSeconds(1L));
    cluster.await(
        "web",
        p ->
            !p.status().containerStatuses().isEmpty()
                && Cluster.status(p, "app").restartCountOr(0) >= 1);
  }

  @Test
  void aFailingReadinessProbeKeepsThePodUnready() throws InterruptedException {
    Probe probe =
        Probe.builder()
            .exec(ExecAction.builder().command(List.of("false")).build())
            .periodSeconds(1)
            .build();
    cluster.create("web", spec(sleeper("app").withReadinessProbe(probe)));
    Pod pod = cluster.awaitPhase("web", "Running");
    assertThat(Cluster.condition(pod, "Ready")).isFalse();
  }

  @Test
  void aRestartedAgentAdoptsWhatRuns() throws InterruptedException, IOException {
    cluster.create("web", spec(sleeper("app")));
    Pod before = cluster.await("web", p -> Cluster.condition(p, "Ready"));
    cluster.restartAgent();
    Waiting.until(
        () -> "not adopted",
        () ->
            cluster
                .running()
                .pods()
                .find("default", "web")
                .filter(r -> r.container("app", false).isPresent())
                .isPresent());
    Pod after = cluster.pod("web").orElseThrow();
    assertThat(Cluster.status(after, "app").containerID())
        .isEqualTo(Cluster.status(before, "app").containerID());
    assertThat(Cluster.status(after, "app").restartCount()).isZero();
    assertThat(runtime.listSandboxes()).hasSize(1);
  }

  @Test
  void whatBelongsToNoPodIsTakenDownAtStart() throws InterruptedException, IOException {
    cluster.create("web", spec(sleeper("app")).withTerminationGracePeriodSeconds(1L));
    cluster.await("web", p -> Cluster.condition(p, "Ready"));
    cluster.running().close();
    cluster.delete("web", 0);
    cluster.restartAgent();
    Waiting.until(() -> "orphan still there", () -> runtime.listSandboxes().isEmpty());
  }

  @Test
  void aMountedConfigMapFollowsItsObject() throws InterruptedException, IOException {
    ConfigMap map =
        cluster.api.create(
            Types.CONFIG_MAP,
            ConfigMap.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("page"))
                .withData(Map.of("index", "one")));
    Volume volume =
        Volume.builder()
            .name("page")
            .configMap(ConfigMapVolumeSource.builder().name("page").build())
            .build();
    Pod pod = cluster.create("web", spec(sleeper("app")).withVolumes(List.of(volume)));
    cluster.awaitPhase("web", "Running");
    Path file =
        data.resolve("pods").resolve(pod.metadata().uidOr("")).resolve("volumes/page/index");
    assertThat(Files.readString(file)).isEqualTo("one");
    cluster.api.update(Types.CONFIG_MAP, map.withData(Map.of("index", "two")));
    Waiting.until(() -> "still the old page", () -> text(file).equals(Optional.of("two")));
  }

  @Test
  void anOptionalSecretMayComeAndGo() throws InterruptedException {
    ObjectKey key = new ObjectKey("default", "late");
    Volume volume =
        Volume.builder()
            .name("late")
            .projected(
                ProjectedVolumeSource.EMPTY.withSources(
                    List.of(
                        VolumeProjection.EMPTY.withSecret(
                            SecretProjection.EMPTY.withName("late").withOptional(true)))))
            .build();
    Pod pod = cluster.create("web", spec(sleeper("app")).withVolumes(List.of(volume)));
    cluster.awaitPhase("web", "Running");
    Path file = data.resolve("pods").resolve(pod.metadata().uidOr("")).resolve("volumes/late/key");
    assertThat(file).doesNotExist();
    cluster.api.create(
        Types.SECRET,
        Secret.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("late"))
            .withData(Map.of("key", Bytes.of("one".getBytes(StandardCharsets.UTF_8)))));
    Waiting.until(() -> "no secret yet", () -> text(file).equals(Optional.of("one")));
    cluster.api.delete(Types.SECRET, key, DeleteOptions.EMPTY);
    Waiting.until(() -> "still the secret", () -> text(file).isEmpty());
  }

  @Test
  void aPodWithThePortOfAnotherIsRefused() throws InterruptedException {
    Container server =
        sleeper("app")
            .withPorts(List.of(ContainerPort.EMPTY.withContainerPort(80).withHostPort(8080)));
    cluster.create("one", spec(server));
    cluster.awaitPhase("one", "Running");
    cluster.create("two", spec(server));
    Pod refused = cluster.awaitPhase("two", "Failed");
    assertThat(refused.status().reason()).isEqualTo("NodePorts");
    assertThat(refused.status().message()).contains("8080/TCP");
    cluster.delete("one", 1);
    cluster.awaitGone("one");
    cluster.create("three", spec(server));
    cluster.awaitPhase("three", "Running");
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty(); // being replaced
    }
  }

  @Test
  void aDeadlineEndsThePod() throws InterruptedException {
    cluster.create(
        "slow",
        spec(sleeper("app")).withActiveDeadlineSeconds(1L).withTerminationGracePeriodSeconds(1L));
    Pod pod = cluster.awaitPhase("slow", "Failed");
    assertThat(pod.status().reason()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void anIdlePodIsNotWrittenAgain() throws InterruptedException {
    cluster.create("web", spec(sleeper("app")));
    cluster.await("web", p -> Cluster.condition(p, "Ready"));
    String revision = cluster.pod("web").orElseThrow().metadata().resourceVersionOr("");
    cluster.running().pods().resync("test");
    cluster.create("other", spec(sleeper("app")));
    cluster.await("other", p -> Cluster.condition(p, "Ready"));
    assertThat(cluster.pod("web").orElseThrow().metadata().resourceVersionOr(""))
        .isEqualTo(revision);
  }

  @Test
  void theRuntimeMayGoAwayAndComeBack() throws InterruptedException {
    cluster.create("web", spec(sleeper("app")));
    cluster.await("web", p -> Cluster.condition(p, "Ready"));
    runtime.setAnswering(false);
    cluster.create("late", spec(sleeper("app")));
    runtime.setAnswering(true);
    cluster.await("late", p -> Cluster.condition(p, "Ready"));
    assertThat(Cluster.status(cluster.pod("web").orElseThrow(), "app").restartCount()).isZero();
  }
}
