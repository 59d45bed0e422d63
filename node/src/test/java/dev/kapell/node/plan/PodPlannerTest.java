package dev.kapell.node.plan;

import static dev.kapell.node.plan.Seen.NOW;
import static dev.kapell.node.plan.Seen.container;
import static dev.kapell.node.plan.Seen.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerResizePolicy;
import dev.kapell.api.core.v1.ContainerStateTerminated;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.EphemeralContainer;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodReadinessGate;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import dev.kapell.node.plan.ProbeSeen.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodPlannerTest {
  private static final PodSpec ONE = PodSpec.EMPTY.withContainers(List.of(container("app")));
  private static final Instant AGO = NOW.minusSeconds(30);

  private static PodSpec spec(Container... containers) {
    return PodSpec.EMPTY.withContainers(List.of(containers));
  }

  private static Container sidecar(String name) {
    return container(name).withRestartPolicy("Always");
  }

  private static Seen ready(PodSpec spec) {
    return Seen.of(spec).withSandbox(true).prepared();
  }

  private static Seen deleted(Seen seen, long grace) {
    return seen.withPod(
        seen.pod()
            .withMetadata(
                seen.pod()
                    .metadata()
                    .withDeletionTimestamp(NOW)
                    .withDeletionGracePeriodSeconds(grace)));
  }

  private static String waiting(PodStatus status) {
    var state = status.containerStatuses().getFirst().state();
    return state == null || state.waiting() == null ? "" : state.waiting().reasonOr("");
  }

  private static ContainerStateTerminated endedBefore(ContainerStatus status) {
    var last = status.lastState();
    var ended = last == null ? null : last.terminated();
    if (ended == null) {
      throw new AssertionError("no end before in " + status);
    }
    return ended;
  }

  private static PodCondition condition(PodStatus status, String type) {
    return status.conditions().stream()
        .filter(c -> c.typeOr("").equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNewPodBeginsWithVolumesImageAndSandboxAtOnce() {
    PodPlan plan = Seen.of(ONE).plan();
    assertThat(words(plan)).containsExactly("mount", "pull app", "sandbox 0");
    assertThat(plan.status().phase()).isEqualTo("Pending");
    assertThat(waiting(plan.status())).isEqualTo("ContainerCreating");
    assertThat(plan.status().startTime()).isEqualTo(NOW);
  }

  @Test
  void whatIsUnderWayIsNotBegunAgain() {
    Seen seen = Seen.of(ONE);
    for (Change change : seen.plan().changes()) {
      seen = seen.inFlight(change);
    }
    assertThat(words(seen.plan())).isEmpty();
  }

  @Test
  void aContainerStartsWhenAllIsReady() {
    assertThat(words(ready(ONE).plan())).containsExactly("start app 0");
  }

  @Test
  void containersStartOneAfterAnother() {
    Seen seen = ready(spec(container("a"), container("b")));
    assertThat(words(seen.plan())).containsExactly("start a 0");
    assertThat(words(seen.inFlight(seen.plan().changes().getFirst()).plan())).isEmpty();
    assertThat(words(seen.running("a", 0).plan())).containsExactly("start b 0");
  }

  @Test
  void aDebuggingContainerStartsWhileTheInitContainersHang() {
    PodSpec spec =
        ONE.withInitContainers(List.of(container("i1")))
            .withEphemeralContainers(
                List.of(EphemeralContainer.EMPTY.withName("debug").withImage("debug:1")));
    assertThat(words(ready(spec).running("i1", 0).plan())).containsExactly("start debug 0");
  }

  @Test
  void initContainersGoFirstAndInOrder() {
    PodSpec spec = ONE.withInitContainers(List.of(container("i1"), container("i2")));
    Seen seen = ready(spec);
    assertThat(words(seen.plan())).containsExactly("start i1 0");
    assertThat(waiting(seen.plan().status())).isEqualTo("PodInitializing");
    Seen second = seen.exited("i1", 0, 0, AGO);
    assertThat(words(second.plan())).containsExactly("start i2 0");
    assertThat(condition(second.plan().status(), "Initialized").message())
        .isEqualTo("containers with incomplete status: [i2]");
    assertThat(words(second.exited("i2", 0, 0, AGO).plan())).containsExactly("start app 0");
  }

  @Test
  void aSidecarHasToHaveStartedAndStays() {
    PodSpec spec = ONE.withInitContainers(List.of(sidecar("side").withStartupProbe(Probe.EMPTY)));
    Seen seen = ready(spec);
    assertThat(words(seen.plan())).containsExactly("start side 0");
    Seen unstarted = seen.running("side", 0);
    assertThat(words(unstarted.plan())).isEmpty();
    Seen started =
        unstarted.withProbe("side0", new ProbeSeen(Result.PASSED, Result.PASSED, Result.PASSED));
    assertThat(words(started.plan())).containsExactly("start app 0");
    Seen lost = ready(spec).exited("side", 0, 1, AGO).running("app", 0);
    assertThat(words(lost.plan())).containsExactly("start side 1");
  }

  @Test
  void aFailedInitContainerFailsAPodThatNeverRestarts() {
    PodSpec spec = ONE.withInitContainers(List.of(container("i1"))).withRestartPolicy("Never");
    PodPlan plan = ready(spec).exited("i1", 0, 5, AGO).plan();
    assertThat(plan.status().phase()).isEqualTo("Failed");
    assertThat(words(plan)).containsExactly("stop s0");
  }

  @ParameterizedTest
  @CsvSource({
    "Always,    0, 'start app 1', Running",
    "Always,    1, 'start app 1', Running",
    "OnFailure, 1, 'start app 1', Running",
    "OnFailure, 0, 'stop s0',     Succeeded",
    "Never,     0, 'stop s0',     Succeeded",
    "Never,     1, 'stop s0',     Failed"
  })
  void anExitIsAnsweredByTheRestartPolicy(
      String policy, int exitCode, String change, String phase) {
    PodPlan plan = ready(ONE.withRestartPolicy(policy)).exited("app", 0, exitCode, AGO).plan();
    assertThat(words(plan)).containsExactly(change);
    assertThat(plan.status().phase()).isEqualTo(phase);
  }

  @Test
  void theSecondRestartWaits() {
    RestartWait wait = new RestartWait(Duration.ofSeconds(40), NOW.minusSeconds(60));
    PodPlan plan =
        ready(ONE).exited("app", 1, 1, NOW.minusSeconds(5)).withRestart("app", wait).plan();
    assertThat(words(plan)).isEmpty();
    assertThat(plan.wakeAt()).contains(NOW.plusSeconds(35));
    assertThat(waiting(plan.status())).isEqualTo("CrashLoopBackOff");
    assertThat(plan.status().phase()).isEqualTo("Running");
    assertThat(endedBefore(plan.status().containerStatuses().getFirst()).exitCode()).isEqualTo(1);
  }

  @Test
  void theWaitDoublesToFiveMinutesAndIsForgotten() {
    RestartWait wait = RestartWait.NONE.next(NOW, NOW);
    assertThat(wait.span()).isEqualTo(Duration.ofSeconds(10));
    for (int i = 0; i < 10; i++) {
      wait = wait.next(NOW, NOW);
    }
    assertThat(wait.span()).isEqualTo(Duration.ofMinutes(5));
    assertThat(wait.until(NOW.plusSeconds(601))).isEqualTo(NOW.plusSeconds(601));
    assertThat(wait.next(NOW.plusSeconds(601), NOW.plusSeconds(601)).span())
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aFailedPullIsSaidAndTriedAgainLater() {
    ImageSeen fresh = new ImageSeen.Failed("ErrImagePull", "not found", 1, NOW);
    PodPlan plan = ready(ONE).withImage("app", fresh).plan();
    assertThat(words(plan)).isEmpty();
    assertThat(waiting(plan.status())).isEqualTo("ErrImagePull");
    ImageSeen older = new ImageSeen.Failed("ErrImagePull", "not found", 1, NOW.minusSeconds(6));
    PodPlan later = ready(ONE).withImage("app", older).plan();
    assertThat(waiting(later.status())).isEqualTo("ImagePullBackOff");
    assertThat(later.wakeAt()).contains(NOW.plusSeconds(4));
    ImageSeen old = new ImageSeen.Failed("ErrImagePull", "not found", 1, NOW.minusSeconds(11));
    assertThat(words(ready(ONE).withImage("app", old).plan())).containsExactly("pull app");
  }

  @Test
  void aFailedLivenessProbeKillsWithItsOwnGrace() {
    Container app =
        container("app").withLivenessProbe(Probe.EMPTY.withTerminationGracePeriodSeconds(3L));
    Seen seen =
        ready(spec(app))
            .running("app", 0)
            .withProbe("app0", new ProbeSeen(Result.PASSED, Result.FAILED, Result.PASSED));
    PodPlan plan = seen.plan();
    assertThat(words(plan)).containsExactly("kill app0 3 again");
    assertThat(words(seen.inFlight(plan.changes().getFirst()).plan())).isEmpty();
  }

  @Test
  void readinessIsTheProbesWord() {
    Container app = container("app").withReadinessProbe(Probe.EMPTY);
    Seen seen = ready(spec(app)).running("app", 0);
    assertThat(condition(seen.plan().status(), "Ready").reason()).isEqualTo("ContainersNotReady");
    Seen passed =
        seen.withProbe("app0", new ProbeSeen(Result.PASSED, Result.PASSED, Result.PASSED));
    assertThat(condition(passed.plan().status(), "Ready").status()).isEqualTo("True");
  }

  @Test
  void aReadinessGateHoldsThePodBack() {
    PodSpec spec =
        ONE.withReadinessGates(List.of(PodReadinessGate.builder().conditionType("x/y").build()));
    PodStatus status = ready(spec).running("app", 0).plan().status();
    assertThat(condition(status, "ContainersReady").status()).isEqualTo("True");
    assertThat(condition(status, "Ready").reason()).isEqualTo("ReadinessGatesNotReady");
  }

  @Test
  void aDeadSandboxIsReplacedAndItsContainersToo() {
    Seen seen = Seen.of(ONE).prepared().withSandbox(false).exited("app", 0, 255, AGO);
    assertThat(words(seen.plan())).contains("sandbox 1");
    Seen running = Seen.of(ONE).prepared().withSandbox(false).running("app", 0);
    assertThat(words(running.plan())).containsExactly("kill app0 1 again");
  }

  @Test
  void aDeletedPodGoesDownStepByStep() {
    Seen seen = deleted(ready(ONE).running("app", 0), 7);
    assertThat(words(seen.plan())).containsExactly("kill app0 7");
    Seen dead = deleted(ready(ONE).exited("app", 0, 143, AGO), 7);
    assertThat(words(dead.plan())).containsExactly("stop s0");
    assertThat(dead.plan().status().phase()).isEqualTo("Failed");
    Seen stopped =
        deleted(Seen.of(ONE).withSandbox(false).exited("app", 0, 143, AGO).released(), 7);
    assertThat(words(stopped.plan())).containsExactly("remove sandbox s0", "delete");
    assertThat(Seen.of(ONE).released().plan(false).done()).isTrue();
  }

  @Test
  void aShorterGraceKillsSooner() {
    Seen seen = deleted(ready(ONE).running("app", 0), 30);
    Seen killing = seen.inFlight(seen.plan().changes().getFirst());
    assertThat(words(killing.plan())).isEmpty();
    assertThat(words(deleted(killing, 2).plan())).containsExactly("kill app0 2");
  }

  @Test
  void sidecarsOutliveTheMainContainersAndGoInReverse() {
    PodSpec spec = ONE.withInitContainers(List.of(sidecar("s1"), sidecar("s2")));
    Seen all = deleted(ready(spec).running("s1", 0).running("s2", 0).running("app", 0), 5);
    assertThat(words(all.plan())).containsExactly("kill app0 5");
    Seen rest = deleted(ready(spec).running("s1", 0).running("s2", 0).exited("app", 0, 0, AGO), 5);
    assertThat(words(rest.plan())).containsExactly("kill s20 5");
  }

  @Test
  void aPodIsNotFinishedWhileASidecarRuns() {
    PodSpec spec = ONE.withInitContainers(List.of(sidecar("s1"))).withRestartPolicy("Never");
    PodPlan plan = ready(spec).running("s1", 0).exited("app", 0, 0, AGO).plan();
    assertThat(words(plan)).containsExactly("kill s10 30");
    assertThat(plan.status().phase()).isEqualTo("Running");
  }

  @Test
  void aPodPastItsDeadlineFails() {
    Seen seen = ready(ONE.withActiveDeadlineSeconds(10L)).running("app", 0);
    PodStatus started = PodStatus.EMPTY.withStartTime(NOW.minusSeconds(11)).withPhase("Running");
    PodPlan plan = seen.withPod(seen.pod().withStatus(started)).plan();
    assertThat(words(plan)).containsExactly("kill app0 30");
    assertThat(plan.status().reason()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void aDeadlineIsWaitedForBeforeTheApiKnowsTheStart() {
    PodPlan plan = ready(ONE.withActiveDeadlineSeconds(10L)).running("app", 0).plan();
    assertThat(plan.wakeAt()).contains(NOW.plusSeconds(10));
  }

  @Test
  void aFinishedPodStaysFinished() {
    Seen seen = Seen.of(ONE.withRestartPolicy("Never"));
    PodPlan plan =
        seen.withPod(seen.pod().withStatus(PodStatus.EMPTY.withPhase("Succeeded")))
            .released()
            .plan();
    assertThat(words(plan)).isEmpty();
    assertThat(plan.status().phase()).isEqualTo("Succeeded");
    assertThat(plan.done()).isFalse();
  }

  @Test
  void onlyTheNewestAttemptsAreKept() {
    Seen seen = ready(ONE).exited("app", 0, 1, AGO).exited("app", 1, 1, AGO).running("app", 2);
    assertThat(words(seen.plan())).containsExactly("remove app0");
    ContainerStatus status = seen.plan().status().containerStatuses().getFirst();
    assertThat(status.restartCount()).isEqualTo(2);
    assertThat(endedBefore(status).containerID()).isEqualTo("containerd://app1");
  }

  @Test
  void aContainerThatWasNeverStartedIsRemovedFirst() {
    Seen seen = ready(ONE).with("app", 0, ContainerSeen.State.CREATED, 0, null);
    assertThat(words(seen.plan())).containsExactly("remove app0");
  }

  @Test
  void aTransitionTimeStaysWhileTheConditionDoes() {
    Seen seen = ready(ONE).running("app", 0);
    PodStatus first = seen.plan().status();
    PodCondition old = condition(first, "Ready").withLastTransitionTime(AGO);
    PodStatus second =
        seen.withPod(seen.pod().withStatus(first.withConditions(List.of(old)))).plan().status();
    assertThat(condition(second, "Ready").lastTransitionTime()).isEqualTo(AGO);
  }

  private static ResourceRequirements limits(String cpu, String memory) {
    return ResourceRequirements.EMPTY.withLimits(
        Map.of("cpu", Quantity.parse(cpu), "memory", Quantity.parse(memory)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 64Mi, ''",
    "2, 64Mi, resize app0",
    "1, 128Mi, kill app0 30 again",
    "2, 128Mi, kill app0 30 again"
  })
  void aChangedLimitIsAppliedOrRestartsTheContainerAsItsPolicySays(
      String cpu, String memory, String expected) {
    Container app =
        container("app")
            .withResources(limits(cpu, memory))
            .withResizePolicy(
                List.of(
                    ContainerResizePolicy.EMPTY
                        .withResourceName("cpu")
                        .withRestartPolicy("NotRequired"),
                    ContainerResizePolicy.EMPTY
                        .withResourceName("memory")
                        .withRestartPolicy("RestartContainer")));
    PodPlan plan = ready(spec(app)).runningWith("app", limits("1", "64Mi")).plan();
    assertThat(String.join(",", words(plan))).isEqualTo(expected);
  }

  private static Seen resized(ResourceRequirements had, String cpu) {
    Container app = container("app").withResources(limits(cpu, "64Mi"));
    return ready(spec(app)).runningWith("app", had);
  }

  private static List<String> resizeConditions(PodStatus status) {
    return status.conditions().stream()
        .filter(c -> c.typeOr("").startsWith("PodResize"))
        .map(c -> c.typeOr("") + " " + c.reasonOr("") + " " + c.messageOr(""))
        .toList();
  }

  @Test
  void whileTheRuntimeHasNotGotAResizeTheStatusSaysSo() {
    PodStatus status = resized(limits("1", "64Mi"), "2").plan().status();
    assertThat(resizeConditions(status)).containsExactly("PodResizeInProgress  ");
    var resources = status.containerStatuses().getFirst().resources();
    assertThat(resources).isEqualTo(limits("1", "64Mi"));

    Seen applied = resized(limits("2", "64Mi"), "2");
    status = applied.withPod(applied.pod().withStatus(status)).plan().status();
    assertThat(resizeConditions(status)).isEmpty();
    resources = status.containerStatuses().getFirst().resources();
    assertThat(resources).isEqualTo(limits("2", "64Mi"));
  }

  @Test
  void aResizeThatTheRuntimeRefusesIsAnErrorAndTriedAgainLater() {
    Seen seen = resized(limits("1", "64Mi"), "2");
    StartFailure failure = new StartFailure("Error", "no room", 1, NOW);
    PodPlan plan =
        seen.withResizes(
                new ResizeSeen(Map.of("app0", limits("1", "64Mi")), Map.of("app0", failure), null))
            .plan();
    assertThat(words(plan)).isEmpty();
    assertThat(plan.wakeAt()).hasValue(NOW.plusSeconds(1));
    assertThat(resizeConditions(plan.status()))
        .containsExactly("PodResizeInProgress Error no room");
  }

  @Test
  void aResizeThatWaitsIsToldWithItsReason() {
    Seen seen = resized(limits("1", "64Mi"), "1");
    Seen observed =
        seen.withPod(seen.pod().withMetadata(seen.pod().metadata().withGeneration(7L)))
            .withResizes(
                new ResizeSeen(
                    Map.of("app0", limits("1", "64Mi")),
                    Map.of(),
                    new Allocation.Pending("Deferred", "not now")));
    PodPlan plan = observed.plan();
    assertThat(words(plan)).isEmpty();
    assertThat(resizeConditions(plan.status()))
        .containsExactly("PodResizePending Deferred not now");
    assertThat(condition(plan.status(), "PodResizePending").observedGeneration()).isEqualTo(7);
  }

  @Test
  void severalContainersAreResizedOneAfterAnother() {
    Container app = container("app").withResources(limits("2", "64Mi"));
    Container side = container("side").withResources(limits("2", "64Mi"));
    Map<String, ResourceRequirements> had =
        Map.of("app0", limits("1", "64Mi"), "side0", limits("1", "64Mi"));
    Seen seen =
        ready(spec(app, side))
            .running("app", 0)
            .running("side", 0)
            .withResizes(new ResizeSeen(had, Map.of(), null));
    assertThat(seen.plan().changes())
        .containsExactly(new Change.ResizeContainer("app0", "app", false, "its resources changed"));
  }

  @Test
  void afterARestartOfTheAgentTheStatusSaysWhatAContainerHas() {
    Seen running = resized(limits("1", "64Mi"), "1");
    PodStatus told = running.plan().status();
    Container app = container("app").withResources(limits("2", "64Mi"));
    Pod wanted = running.pod().withSpec(spec(app)).withStatus(told);
    assertThat(words(running.withPod(wanted).withResizes(ResizeSeen.NONE).plan()))
        .containsExactly("resize app0");
    Allocation recorded = Allocation.recorded(wanted);
    assertThat(recorded.resources()).containsEntry("app", limits("1", "64Mi"));
    assertThat(recorded.applyTo(wanted).spec().containers().getFirst().resources())
        .isEqualTo(limits("1", "64Mi"));
  }
}
