package dev.kapell.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerResizePolicy;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.resource.Quantity;
import dev.kapell.base.Clock;
import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.host.cgroup.CgroupPath;
import dev.kapell.host.cgroup.SimulatedCgroups;
import dev.kapell.host.runtime.SimulatedRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resizes from the wish to the runtime, on a node of two CPUs and 4Gi. */
final class ResizeTest {
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

  private static PodSpec spec(String cpu, String memory) {
    Container app =
        Cluster.container("app", IMAGE, "sleep", "3600")
            .withResources(Cluster.amounts(cpu, memory));
    return PodSpec.EMPTY.withContainers(List.of(app)).withTerminationGracePeriodSeconds(1L);
  }

  private void create(String name, String cpu, String memory) throws InterruptedException {
    cluster.create(name, spec(cpu, memory));
    cluster.await(name, p -> Cluster.condition(p, "Ready"));
  }

  private static Optional<PodCondition> resizing(Pod pod) {
    return pod.status().conditions().stream()
        .filter(c -> c.typeOr("").startsWith("PodResize"))
        .findFirst();
  }

  private Pod awaitCondition(String name, String type, String reason) throws InterruptedException {
    Pod pod =
        cluster.await(
            name,
            p ->
                resizing(p)
                    .filter(c -> c.typeOr("").equals(type) && c.reasonOr("").equals(reason))
                    .isPresent());
    assertThat(resizing(pod).orElseThrow().observedGeneration())
        .isEqualTo(pod.metadata().generation());
    return pod;
  }

  private void assertHas(Pod pod, String cpu, String memory) {
    var status = Cluster.status(pod, "app");
    assertThat(status.resources()).isEqualTo(Cluster.amounts(cpu, memory));
    assertThat(status.allocatedResources()).isEqualTo(Cluster.amounts(cpu, memory).requests());
  }

  private Pod awaitGiven(String name, String cpu, String memory) throws InterruptedException {
    return cluster.await(
        name,
        p ->
            resizing(p).isEmpty()
                && Cluster.amounts(cpu, memory).equals(Cluster.status(p, "app").resources())
                && Cluster.amounts(cpu, memory)
                    .requests()
                    .equals(Cluster.status(p, "app").allocatedResources()));
  }

  @Test
  void aResizeThatFitsIsGivenAndAppliedWithoutARestart() throws InterruptedException {
    create("web", "500m", "64Mi");
    cluster.resize("web", "1", "128Mi");
    Pod pod = awaitGiven("web", "1", "128Mi");
    assertThat(Cluster.status(pod, "app").restartCount()).isZero();
    assertThat(runtime.resources(Cluster.id(pod, "app")).memoryLimitBytes()).isEqualTo(128 << 20);
  }

  @Test
  void whatTheNodeNeverHasIsInfeasible() throws InterruptedException {
    create("web", "500m", "64Mi");
    cluster.resize("web", "3", "64Mi");
    Pod pod = awaitCondition("web", "PodResizePending", "Infeasible");
    assertThat(resizing(pod).orElseThrow().message())
        .isEqualTo("Node didn't have enough capacity: cpu, requested: 3000, capacity: 2000");
    assertHas(pod, "500m", "64Mi");
    cluster.resize("web", "500m", "64Mi");
    awaitGiven("web", "500m", "64Mi");
  }

  @Test
  void whatOthersHaveIsDeferredUntilTheyLeaveEvenAcrossARestartOfTheAgent()
      throws InterruptedException, IOException {
    create("web", "500m", "64Mi");
    create("other", "1", "64Mi");
    cluster.resize("web", "1500m", "64Mi");
    assertHas(awaitCondition("web", "PodResizePending", "Deferred"), "500m", "64Mi");
    cluster.restartAgent();
    Waiting.until(
        () -> "not adopted", () -> cluster.running().pods().find("default", "other").isPresent());
    cluster.running().pods().resync("test");
    assertHas(awaitCondition("web", "PodResizePending", "Deferred"), "500m", "64Mi");
    cluster.delete("other", 1);
    awaitGiven("web", "1500m", "64Mi");
  }

  @Test
  void othersThatTakeLessMakeRoom() throws InterruptedException {
    create("web", "500m", "64Mi");
    create("other", "1", "64Mi");
    cluster.resize("web", "1200m", "64Mi");
    awaitCondition("web", "PodResizePending", "Deferred");
    cluster.resize("other", "800m", "64Mi");
    awaitGiven("web", "1200m", "64Mi");
    awaitGiven("other", "800m", "64Mi");
  }

  @Test
  void whatAContainerUsesIsNotTakenFromIt() throws InterruptedException {
    create("web", "500m", "64Mi");
    cluster.resize("web", "500m", "1Mi");
    Pod pod = awaitCondition("web", "PodResizeInProgress", "Error");
    assertThat(resizing(pod).orElseThrow().message()).contains("below current usage (5242880)");
    assertThat(Cluster.status(pod, "app").allocatedResources())
        .isEqualTo(Cluster.amounts("500m", "1Mi").requests());
    assertThat(Cluster.status(pod, "app").resources()).isEqualTo(Cluster.amounts("500m", "64Mi"));
    cluster.resize("web", "500m", "32Mi");
    awaitGiven("web", "500m", "32Mi");
  }

  @Test
  void aPodThatStartsAgainWhileItWaitsStartsWithWhatItHas() throws InterruptedException {
    create("web", "500m", "64Mi");
    cluster.resize("web", "3", "64Mi");
    Pod before = awaitCondition("web", "PodResizePending", "Infeasible");
    runtime.exit(Cluster.id(before, "app"), 1);
    Pod after =
        cluster.await(
            "web",
            p -> Cluster.status(p, "app").restartCountOr(0) == 1 && Cluster.condition(p, "Ready"));
    assertHas(after, "500m", "64Mi");
    assertThat(runtime.resources(Cluster.id(after, "app")).cpuQuotaMicros()).isEqualTo(50_000);
  }

  private CgroupLimits wholePod(Pod pod) {
    return cgroups.limits(new CgroupPath("/kubepods/pod" + pod.metadata().uidOr(""))).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "128Mi, NotRequired",
    "32Mi, NotRequired",
    "128Mi, RestartContainer",
    "32Mi, RestartContainer"
  })
  void theBoundsOfTheWholePodFollow(String memory, String policy) throws InterruptedException {
    Container app = spec("500m", "64Mi").containers().getFirst();
    ContainerResizePolicy restarts =
        ContainerResizePolicy.EMPTY.withResourceName("memory").withRestartPolicy(policy);
    cluster.create(
        "web",
        spec("500m", "64Mi").withContainers(List.of(app.withResizePolicy(List.of(restarts)))));
    Pod before = cluster.await("web", p -> Cluster.condition(p, "Ready"));
    assertThat(wholePod(before).memoryBytes()).isEqualTo(64 << 20);
    cluster.resize("web", "500m", memory);
    Pod after = awaitGiven("web", "500m", memory);
    assertThat(Cluster.status(after, "app").restartCount())
        .isEqualTo(policy.equals("NotRequired") ? 0 : 1);
    Waiting.until(
        () -> "the pod is bounded by " + wholePod(after),
        () -> wholePod(after).memoryBytes() == Quantity.parse(memory).value());
  }
}
