package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.scheduling.v1.PriorityClass;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuesTest {
  private final Harness harness = new Harness();

  @AfterEach
  void close() {
    harness.close();
  }

  private void define(Map<String, String> queues) {
    try {
      harness.client.create(
          Types.NAMESPACE,
          Namespace.builder().metadata(ObjectMeta.builder().name("kube-system").build()).build());
    } catch (ApiFailure e) {
      assertThat(e.isAlreadyExists()).isTrue();
    }
    harness.client.create(
        Types.CONFIG_MAP,
        ConfigMap.builder()
            .metadata(
                ObjectMeta.builder().namespace("kube-system").name("scheduling-queues").build())
            .data(queues)
            .build());
  }

  private static Pod pod(String queue, String name, String cpu) {
    Pod pod = Harness.pod(name, cpu);
    Map<String, String> labels = new LinkedHashMap<>(pod.metadata().labels());
    labels.put(BatchMarks.QUEUE, queue);
    return pod.withMetadata(pod.metadata().withLabels(labels));
  }

  private long bound(String queue) {
    return harness.pods().stream()
        .filter(pod -> queue.equals(pod.metadata().labels().get(BatchMarks.QUEUE)))
        .filter(pod -> pod.metadata().deletionTimestamp() == null)
        .filter(pod -> pod.spec().nodeName() != null)
        .count();
  }

  private void awaitExplanation(String pod, String words) throws InterruptedException {
    Harness.await(pod + " says: " + words, () -> harness.explanation(pod).contains(words));
  }

  @Test
  void queuesShareByWeight() throws Exception {
    define(Map.of("two", "weight: 2", "one", "weight: 1"));
    for (int i = 0; i < 6; i++) {
      harness.create(pod("one", "one-" + i, "1"));
    }
    awaitExplanation("one-5", "no nodes available");
    for (int i = 0; i < 6; i++) {
      harness.create(pod("two", "two-" + i, "1"));
    }
    awaitExplanation("two-5", "no nodes available");

    Node node = harness.node("a", "6", n -> n.withSpec(n.spec().withUnschedulable(true)));
    awaitExplanation("one-5", "unschedulable");
    awaitExplanation("two-5", "unschedulable");

    harness.client.update(Types.NODE, node.withSpec(node.spec().withUnschedulable(null)));

    Harness.await("the node is full", () -> bound("one") + bound("two") == 6);
    assertThat(bound("two")).isEqualTo(4);
  }

  @Test
  void whatIsIdleIsBorrowedAndGivenBack() throws Exception {
    define(Map.of("mine", "", "others", ""));
    harness.node("a", "4", n -> n);
    for (int i = 0; i < 4; i++) {
      harness.create(pod("others", "others-" + i, "1"));
    }
    Harness.await("others borrow everything", () -> bound("others") == 4);

    harness.create(pod("mine", "mine-0", "1"));

    Harness.await("one of theirs has to go", () -> bound("others") == 3);
  }

  @Test
  void nobodyGivesBackWhatIsTheirOwn() throws Exception {
    define(Map.of("mine", "", "others", ""));
    harness.node("a", "4", n -> n);
    for (int i = 0; i < 2; i++) {
      harness.create(pod("others", "others-" + i, "1"));
      harness.create(pod("mine", "mine-" + i, "1"));
    }
    Harness.await("each has its half", () -> bound("others") == 2 && bound("mine") == 2);

    harness.create(pod("mine", "mine-2", "1"));

    awaitExplanation("mine-2", "Insufficient cpu");
    assertThat(bound("others")).isEqualTo(2);
  }

  @Test
  void aLimitHoldsBack() throws Exception {
    define(Map.of("small", "limit: {cpu: 1}"));
    harness.node("a", "4", n -> n);
    harness.create(pod("small", "p0", "1"));
    Harness.await("the first is bound", () -> bound("small") == 1);

    harness.create(pod("small", "p1", "1"));

    awaitExplanation("p1", "queue \"small\" would exceed its limit of cpu");
  }

  @Test
  void roomThatWasMadeForAPodBeyondItsLimitIsGivenUp() throws Exception {
    define(Map.of("small", "limit: {cpu: 1}", "others", ""));
    harness.node("a", "2", n -> n);
    harness.create(pod("others", "o0", "1"));
    harness.create(pod("others", "o1", "1"));
    Harness.await("the node is full", () -> bound("others") == 2);

    harness.client.create(
        Types.PRIORITY_CLASS,
        PriorityClass.builder()
            .metadata(ObjectMeta.builder().name("high").build())
            .value(10)
            .build());
    for (String name : List.of("s0", "s1")) {
      Pod pod = pod("small", name, "1");
      harness.create(pod.withSpec(pod.spec().withPriorityClassName("high")));
    }
    Harness.await("room is made for both", () -> bound("others") == 0);
    harness.create(pod("others", "o2", "1"));
    for (String name : List.of("o0", "o1")) {
      harness.client.delete(
          Types.POD,
          new ObjectKey("default", name),
          DeleteOptions.builder().gracePeriodSeconds(0L).build());
    }

    Harness.await("small has what it may", () -> bound("small") == 1);
    Harness.await("the rest is for others", () -> bound("others") == 1);
  }

  @Test
  void aLimitHoldsAWholeGangBack() throws Exception {
    define(Map.of("small", "limit: {cpu: 3}"));
    harness.node("a", "8", n -> n);
    for (int i = 0; i < 2; i++) {
      Pod pod = pod("small", "g" + i, "2");
      Map<String, String> gang = Map.of(BatchMarks.GANG, "g", BatchMarks.GANG_SIZE, "2");
      harness.create(pod.withMetadata(pod.metadata().withAnnotations(gang)));
    }

    awaitExplanation(
        "g0",
        "queue \"small\" would exceed its limit of cpu; the pod waits until another of the queue"
            + " ends. Gang \"g\" needs 2 places at once and found 1");
    assertThat(bound("small")).isZero();
  }

  @Test
  void aQueueThatIsNotDefinedIsTold() throws Exception {
    harness.node("a", "4", n -> n);
    harness.create(pod("nobodys", "lost", "1"));
    awaitExplanation(
        "lost",
        "queue \"nobodys\" is not defined in ConfigMap kube-system/scheduling-queues, which"
            + " defines none");

    define(Map.of("nobodys", ""));

    Harness.await("now it is", () -> bound("nobodys") == 1);
  }
}
