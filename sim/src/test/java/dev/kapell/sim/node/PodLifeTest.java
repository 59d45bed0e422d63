package dev.kapell.sim.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

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
