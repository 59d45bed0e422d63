package dev.kapell.sim.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerState;
import dev.kapell.api.core.v1.ContainerStateWaiting;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodLifeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Machine machine = Machine.healthy(Shape.of("n", "z", "1", "1Gi", 10));
  private boolean killed;

  private static Pod pod(String restart) {
    return Pod.builder()
        .metadata(ObjectMeta.builder().namespace("default").name("p").uid("u").build())
        .spec(
            PodSpec.builder()
                .nodeName("n")
                .restartPolicy(restart)
                .containers(List.of(Container.builder().name("main").image("i").build()))
                .build())
        .build();
  }

  private Plan decide(Pod pod, int second) {
    return PodLife.decide(
        new PodLife.Seen(pod, machine, Manners.DEFAULT, killed, "10.64.0.1", "10.64.0.2"),
        START.plusSeconds(second));
  }

  /** The pod after what the node tells in this second. */
  private Pod at(Pod pod, int second) {
    Plan plan = decide(pod, second);
    return plan.changes().isEmpty()
        ? pod
        : (Pod) ((Change.UpdateStatus<?>) plan.changes().getFirst()).after();
  }

  private static boolean isReady(Pod pod) {
    return pod.status().conditions().stream()
        .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
  }

  private Pod running(String restart) {
    return at(at(pod(restart), 0), 2);
  }

  private static int restarts(Pod pod) {
    return pod.status().containerStatuses().getFirst().restartCountOr(0);
  }

  @Test
  void isAcceptedThenStartedThenReady() {
    Pod accepted = at(pod("Always"), 0);
    assertThat(accepted.status().phaseOr("")).isEqualTo("Pending");
    assertThat(decide(accepted, 1).changes()).isEmpty();
    assertThat(decide(accepted, 1).again()).contains(Duration.ofSeconds(1));
    Pod running = at(accepted, 2);
    assertThat(running.status().phaseOr("")).isEqualTo("Running");
    assertThat(running.status().podIPOr("")).isEqualTo("10.64.0.1");
    assertThat(isReady(running)).isTrue();
    assertThat(decide(running, 1000)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void whatDoesNotRestartForEverEnds() {
    Pod running = running("Never");
    assertThat(decide(running, 2).again()).contains(Duration.ofSeconds(10));
    assertThat(at(running, 12).status().phaseOr("")).isEqualTo("Succeeded");
  }

  @Test
  void endsAsItsAnnotationsSay() {
    Pod pod = pod("Never");
    Map<String, String> manners =
        Map.of("simulation.kapell.dev/run-seconds", "3", "simulation.kapell.dev/exit-code", "7");
    pod = pod.withMetadata(pod.metadata().withAnnotations(manners));
    Pod ended = at(at(at(pod, 0), 2), 5);
    assertThat(ended.status().phaseOr("")).isEqualTo("Failed");
    assertThat(Containers.exitCode(ended.status().containerStatuses().getFirst())).isEqualTo(7);
  }

  @Test
  void isStartedAgainAfterMemoryRanOut() {
    Pod running = running("Always");
    killed = true;
    Pod ended = at(running, 20);
    assertThat(isReady(ended)).isFalse();
    assertThat(restarts(ended)).isEqualTo(1);
    killed = false;
    Pod again = at(ended, 22);
    assertThat(isReady(again)).isTrue();
    assertThat(again.status().phaseOr("")).isEqualTo("Running");
  }

  @Test
  void aRebootEndsWhatRan() {
    Pod running = running("Always");
    machine = new Machine(machine.shape(), true, true, 1, Duration.ZERO, START.plusSeconds(60));
    assertThat(restarts(at(running, 61))).isEqualTo(1);
  }

  @Test
  void aSilentMachineTellsNothing() {
    Pod running = running("Never");
    UnaryOperator<Machine> cut =
        m -> new Machine(m.shape(), true, false, 1, Duration.ZERO, m.bootedAt());
    machine = cut.apply(machine);
    assertThat(decide(running, 100)).isEqualTo(Plan.NOTHING);
  }

  @ParameterizedTest(name = "{0} with {1}: {2} after {3} s")
  @CsvSource({
    "sleep 100, Never, Succeeded, 102",
    "exit 3, Never, Failed, 2",
    "sleep 5; exit 1, Never, Failed, 7",
    "echo all of us are here; sleep 5, Never, Succeeded, 7",
    "echo so; echo on && exit 4, Never, Failed, 2",
    "'true', OnFailure, Succeeded, 2",
    "'true', Always, Running, 2",
    "serve --port 80, Never, Succeeded, 12",
    "sleep 99999999999999999999, Never, Succeeded, 12",
  })
  void endsAsItsCommandSays(String command, String restart, String phase, int second) {
    Pod pod = with(pod(restart), c -> c.command(List.of("sh", "-c", command)));
    Pod begun = at(at(pod, 0), 2);
    if (second > 2) {
      assertThat(begun.status().phaseOr("")).isEqualTo("Running");
      assertThat(at(begun, second - 1)).isEqualTo(begun);
    }
    assertThat(at(begun, second).status().phaseOr("")).isEqualTo(phase);
  }

  @Test
  void waitsLongerEachTimeBeforeItStartsAgain() {
    Pod pod = at(at(with(pod("Always"), c -> c.command(List.of("false"))), 0), 2);
    List<Integer> starts = new ArrayList<>();
    for (int second = 2; second < 400; second++) {
      Pod next = at(pod, second);
      if (restarts(next) > restarts(pod)) {
        starts.add(second);
      }
      pod = next;
    }
    // The first one ended at 2: a start takes two seconds, and the wait doubles from ten.
    assertThat(starts).containsExactly(4, 14, 34, 74, 154, 314);
  }

  @Test
  void whatIsInFrontRunsOneByOne() {
    Container slow = named("slow").command(List.of("sleep", "5")).build();
    Container sidecar = named("sidecar").restartPolicy("Always").build();
    Pod pod = pod("Always");
    pod = pod.withSpec(pod.spec().withInitContainers(List.of(slow, sidecar)));

    Pod waiting = at(pod, 0);
    assertThat(waiting.status().phaseOr("")).isEqualTo("Pending");
    Pod first = at(waiting, 2);
    assertThat(states(first)).containsExactly("running", "waiting", "waiting");
    assertThat(decide(first, 2).again()).contains(Duration.ofSeconds(5));
    Pod all = at(first, 7);
    assertThat(states(all)).containsExactly("ended", "running", "running");
    assertThat(isReady(all)).isTrue();
    assertThat(all.status().phaseOr("")).isEqualTo("Running");
  }

  @Test
  void sidecarsEndWithTheOthers() {
    Pod pod = with(pod("Never"), c -> c.command(List.of("sleep", "3")));
    Container sidecar = named("sidecar").restartPolicy("Always").build();
    pod = pod.withSpec(pod.spec().withInitContainers(List.of(sidecar)));
    Pod ended = at(at(at(pod, 0), 2), 5);
    assertThat(ended.status().phaseOr("")).isEqualTo("Succeeded");
    assertThat(states(ended)).containsExactly("ended", "ended");
  }

  @Test
  void aFailureInFrontFailsAPodThatDoesNotRestart() {
    Container broken = named("broken").command(List.of("false")).build();
    Pod pod = pod("Never");
    pod = pod.withSpec(pod.spec().withInitContainers(List.of(broken)));
    assertThat(at(at(pod, 0), 2).status().phaseOr("")).isEqualTo("Failed");
  }

  @Test
  void anImageThatIsNowhereIsNotStarted() {
    Pod stuck = at(at(with(pod("Always"), c -> c.image("foo:non-existent")), 0), 2);
    assertThat(stuck.status().phaseOr("")).isEqualTo("Pending");
    ContainerState state =
        stuck.status().containerStatuses().getFirst().stateOr(ContainerState.EMPTY);
    assertThat(state.waitingOr(ContainerStateWaiting.EMPTY).reason()).isEqualTo("ErrImagePull");
    assertThat(decide(stuck, 3)).isEqualTo(Plan.NOTHING);

    assertThat(isReady(at(with(stuck, c -> c.image("web:2")), 4))).isTrue();
  }

  @Test
  void anotherImageStartsTheContainerAgain() {
    Pod changed = with(running("Always"), c -> c.image("web:2"));
    Pod again = at(at(changed, 20), 22);
    assertThat(restarts(again)).isEqualTo(1);
    assertThat(again.status().containerStatuses().getFirst().image()).isEqualTo("web:2");
    assertThat(isReady(again)).isTrue();
  }

  @Test
  void aPodThatRunsForTooLongFails() {
    Pod pod = pod("Always");
    pod = pod.withSpec(pod.spec().withActiveDeadlineSeconds(60L));
    Pod running = at(at(pod, 0), 2);
    assertThat(decide(running, 2).again()).contains(Duration.ofSeconds(58));
    Pod failed = at(running, 60);
    assertThat(failed.status().phaseOr("")).isEqualTo("Failed");
    assertThat(failed.status().reasonOr("")).isEqualTo("DeadlineExceeded");
    assertThat(states(failed)).containsExactly("ended");
  }

  @Test
  void withoutADelayItIsReadyAtOnce() {
    Manners quick = new Manners(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10));
    Plan plan =
        PodLife.decide(
            new PodLife.Seen(pod("Always"), machine, quick, false, "10.64.0.1", "10.64.0.2"),
            START);
    assertThat(isReady((Pod) ((Change.UpdateStatus<?>) plan.changes().getFirst()).after()))
        .isTrue();
  }

  private static Container.Builder named(String name) {
    return Container.builder().name(name).image("i");
  }

  private static Pod with(Pod pod, UnaryOperator<Container.Builder> change) {
    Container.Builder builder = pod.spec().containers().getFirst().toBuilder();
    return pod.withSpec(pod.spec().withContainers(List.of(change.apply(builder).build())));
  }

  /** Of the containers in front, then of the others. */
  private static List<String> states(Pod pod) {
    return Stream.concat(
            pod.status().initContainerStatuses().stream(),
            pod.status().containerStatuses().stream())
        .map(c -> Containers.runs(c) ? "running" : Containers.hasEnded(c) ? "ended" : "waiting")
        .toList();
  }

  @Test
  void aDeletedPodEndsAndGoes() {
    Pod running = running("Always");
    Pod deleted =
        running.withMetadata(
            running
                .metadata()
                .withDeletionTimestamp(START.plusSeconds(40))
                .withDeletionGracePeriodSeconds(30L));
    assertThat(decide(deleted, 10).again()).contains(Duration.ofSeconds(1));
    Plan end = decide(deleted, 11);
    assertThat(end.changes()).hasSize(2);
    assertThat(((Pod) ((Change.UpdateStatus<?>) end.changes().getFirst()).after()).status().phase())
        .isEqualTo("Failed");
    assertThat(end.changes().getLast()).isInstanceOf(Change.Delete.class);
  }
}
