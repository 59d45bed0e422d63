package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.base.ManualClock;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.control.match.BatchMarks;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GangsTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Harness harness = new Harness(clock, options -> options);

  @AfterEach
  void close() {
    harness.close();
  }

  private static Pod member(String gang, String name, String cpu, String size) {
    Pod pod = Harness.pod(name, cpu);
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(BatchMarks.GANG, gang);
    annotations.put(BatchMarks.GANG_SIZE, size);
    return pod.withMetadata(pod.metadata().withAnnotations(annotations));
  }

  private long bound(String gang) {
    return harness.pods().stream()
        .filter(pod -> gang.equals(pod.metadata().annotations().get(BatchMarks.GANG)))
        .filter(pod -> pod.spec().nodeName() != null)
        .count();
  }

  private void awaitExplanation(String pod, String words) throws InterruptedException {
    Harness.await(pod + " says: " + words, () -> harness.explanation(pod).contains(words));
  }

  @Test
  void noneIsBoundBeforeAllAreThere() throws Exception {
    harness.node("a", "4", n -> n);
    harness.create(member("train", "t0", "1", "3"));
    harness.create(member("train", "t1", "1", "3"));
    awaitExplanation(
        "t1", "gang \"train\" has 2 of its 3 pods; none is bound before the other one is there");
    harness.create(Harness.pod("alone", "1"));
    Harness.await("others go ahead", () -> harness.nodeOf("alone").equals("a"));
    assertThat(bound("train")).isZero();

    harness.create(member("train", "t2", "1", "3"));

    Harness.await("all three are bound", () -> bound("train") == 3);
  }

  @Test
  void whatHasSucceededDoesNotCountForThoseThatComeAfterIt() throws Exception {
    harness.node("a", "4", n -> n);
    harness.create(member("train", "t0", "1", "2"));
    awaitExplanation("t0", "gang \"train\" has 1 of its 2 pods");
    Pod done = harness.get("t0");
    harness.client.updateStatus(Types.POD, done.withStatus(done.status().withPhase("Succeeded")));

    harness.create(member("train", "t1", "1", "2"));
    awaitExplanation("t1", "gang \"train\" has 1 of its 2 pods");
    harness.create(member("train", "t2", "1", "2"));

    Harness.await("both are bound", () -> bound("train") == 2);
  }

  @Test
  void aGangThatHasBecomeSmallerIsTriedAgain() throws Exception {
    harness.node("a", "4", n -> n);
    harness.create(member("train", "t0", "1", "3"));
    awaitExplanation("t0", "gang \"train\" has 1 of its 3 pods");
    harness.create(member("train", "t1", "1", "3"));
    awaitExplanation("t1", "gang \"train\" has 2 of its 3 pods");

    harness.client.patch(
        Types.POD,
        new ObjectKey("default", "t0"),
        Patch.merge("{\"metadata\":{\"annotations\":{\"" + BatchMarks.GANG_SIZE + "\":\"2\"}}}"));

    Harness.await("both are bound", () -> bound("train") == 2);
  }

  @Test
  void noneIsBoundBeforeAllHaveAPlace() throws Exception {
    harness.node("a", "2", n -> n);
    for (String name : List.of("t0", "t1", "t2")) {
      harness.create(member("train", name, "1", "3"));
    }
    awaitExplanation(
        "t0",
        "0/1 nodes are available: 1 Insufficient cpu. Gang \"train\" needs 3 places at once and"
            + " found 2, so none of its pods is bound.");
    harness.create(Harness.pod("alone", "2"));
    Harness.await("nothing is held back for it", () -> harness.nodeOf("alone").equals("a"));
    assertThat(bound("train")).isZero();

    harness.node("b", "4", n -> n);

    Harness.await("all three are bound", () -> bound("train") == 3);
  }

  @Test
  void ofTwoGangsOneGetsAll() throws Exception {
    for (int i = 0; i < 3; i++) {
      harness.create(member("one", "one-" + i, "1", "3"));
      harness.create(member("two", "two-" + i, "1", "3"));
    }
    harness.node("a", "4", n -> n);

    Harness.await("one of them is bound", () -> bound("one") == 3 || bound("two") == 3);
    String other = bound("one") == 3 ? "two" : "one";
    awaitExplanation(other + "-0", "needs 3 places at once and found 1");
    assertThat(bound(other)).isZero();
  }

  @Test
  void roomIsMadeForAllOrNobody() throws Exception {
    harness.node("a", "1", n -> n);
    harness.node("b", "1", n -> n);
    harness.create(Harness.pod("low-0", "800m"));
    harness.create(Harness.pod("low-1", "800m"));
    Harness.await(
        "both run", () -> !harness.nodeOf("low-0").isEmpty() && !harness.nodeOf("low-1").isEmpty());
    for (String name : List.of("t0", "t1", "t2")) {
      Pod pod = member("large", "large-" + name, "800m", "3");
      harness.create(pod.withSpec(pod.spec().withPriorityClassName("system-cluster-critical")));
    }
    awaitExplanation("large-t0", "needs 3 places at once and found 0");
    assertThat(harness.get("low-0").metadata().deletionTimestamp()).isNull();
    assertThat(harness.get("low-1").metadata().deletionTimestamp()).isNull();

    for (String name : List.of("t0", "t1")) {
      Pod pod = member("train", name, "800m", "2");
      harness.create(pod.withSpec(pod.spec().withPriorityClassName("system-cluster-critical")));
    }
    for (String low : List.of("low-0", "low-1")) {
      Harness.await(
          low + " has to go",
          () ->
              harness
                  .client
                  .find(Types.POD, new ObjectKey("default", low))
                  .map(p -> p.metadata().deletionTimestamp() != null)
                  .orElse(true));
      assertThat(bound("train")).isZero();
      harness.client.delete(
          Types.POD,
          new ObjectKey("default", low),
          DeleteOptions.builder().gracePeriodSeconds(0L).build());
    }
    Harness.await("both are bound", () -> bound("train") == 2);
  }

  @Test
  void nodesAreHeldUntilTheTimeIsOver() throws Exception {
    for (String node : List.of("a", "b")) {
      harness.node(node, "1", n -> n);
      harness.create(Harness.pod("low-" + node, "800m"));
      Harness.await("low-" + node + " runs", () -> !harness.nodeOf("low-" + node).isEmpty());
    }
    for (String name : List.of("t0", "t1")) {
      Pod pod = member("train", name, "800m", "2");
      Map<String, String> annotations = new LinkedHashMap<>(pod.metadata().annotations());
      annotations.put(BatchMarks.GANG_TIMEOUT, "2m");
      harness.create(
          pod.withMetadata(pod.metadata().withAnnotations(annotations))
              .withSpec(pod.spec().withPriorityClassName("system-cluster-critical")));
    }
    Harness.await(
        "both have to go",
        () ->
            harness.pods().stream()
                    .filter(pod -> pod.metadata().deletionTimestamp() != null)
                    .count()
                == 2);
    // One goes, the other never does: half of the room is there, and held.
    harness.client.delete(
        Types.POD,
        new ObjectKey("default", "low-a"),
        DeleteOptions.builder().gracePeriodSeconds(0L).build());
    harness.create(Harness.pod("other", "800m"));
    awaitExplanation(
        "other",
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) are being cleared for other pods");

    clock.advance(Duration.ofMinutes(2));

    Harness.await("the room is another's", () -> !harness.nodeOf("other").isEmpty());
    assertThat(bound("train")).isZero();
  }

  @Test
  void annotationsThatCannotBeReadAreTold() throws Exception {
    harness.node("a", "4", n -> n);
    harness.create(member("train", "odd", "1", "many"));

    awaitExplanation(
        "odd",
        "annotation scheduling.kapell.dev/gang-size must be the number of pods in the gang, 1 to"
            + " 99999, not \"many\"");
  }
}
