package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.tree.Obj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may change of a pod that exists, by {@code resize} and {@code ephemeralcontainers}. */
class PodPartsTest {
  private final Api api = new Api();
  private final Api.Place pods = api.at("v1/pods");

  @BeforeEach
  void create() {
    pods.create(
        """
        metadata: {name: p}
        spec:
          initContainers:
          - {name: once, image: i, resources: {requests: {cpu: 10m}}}
          - {name: side, image: i, restartPolicy: Always, resources: {requests: {cpu: 10m}}}
          containers:
          - {name: a, image: i, resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}}
          - {name: b, image: i}
        """);
    pods.create("{metadata: {name: free}, spec: {containers: [{name: a, image: i}]}}");
    pods.create(
        "{metadata: {name: whole}, spec: {resources: {limits: {cpu: 1, memory: 1Gi}}, containers:"
            + " [{name: a, image: i}]}}");
  }

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          p | [{name: a, resources: {requests: {cpu: 200m}}}]          | ""
          p | [{name: b, resources: {limits: {cpu: 1}}}]               | ""
          p | [{name: a, resources: {requests: {cpu: 1, memory: 1Gi}}}] | spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit
          p | [{name: a, resources: {limits: {memory: null}}}]         | spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed
          p | [{name: a, resources: {requests: {cpu: null}}}]          | spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed
          p | [{name: a, resources: {requests: {ephemeral-storage: 1Gi}}}] | spec: Forbidden: only cpu and memory resources are mutable
          p | [{name: a, resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}] | spec: Forbidden: only cpu and memory resources are mutable
          p | [{name: c, image: i, resources: {requests: {cpu: 1m}}}]  | spec.containers: Forbidden: containers may not be renamed or reordered on resize
          free | [{name: a, resources: {requests: {cpu: 1m}}}]         | spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing
          whole | [{name: a, resources: {requests: {cpu: 1m}}}]        | spec: Forbidden: pods with pod-level resources cannot be resized
          """)
  void aRunningPodIsGivenMoreOrLessOfWhatItHas(String pod, String containers, String refusal) {
    Runnable resize =
        () ->
            pods.sub("resize")
                .patch(pod, "strategic-merge-patch", "{spec: {containers: " + containers + "}}");
    if (refusal.isEmpty()) {
      resize.run();
    } else {
      assertThatThrownBy(resize::run).hasMessageContaining(refusal);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "side, ''",
    "once, spec: Forbidden: only cpu and memory resources for sidecar containers are mutable"
  })
  void ofInitContainersOnlyThoseThatStayAreResized(String name, String refusal) {
    String patch =
        "{spec: {initContainers: [{name: " + name + ", resources: {requests: {cpu: 20m}}}]}}";
    if (refusal.isEmpty()) {
      Obj changed = pods.sub("resize").patch("p", "strategic-merge-patch", patch);
      assertThat(changed.child("spec").items("initContainers").get(1).child("resources").map())
          .hasToString("{requests={cpu=20m}}");
    } else {
      assertThatThrownBy(() -> pods.sub("resize").patch("p", "strategic-merge-patch", patch))
          .hasMessageContaining(refusal);
    }
  }

  @Test
  void debuggingContainersOnlyCome() {
    Api.Place debugged = pods.sub("ephemeralcontainers");
    String merge = "strategic-merge-patch";
    debugged.patch("p", merge, "{spec: {ephemeralContainers: [{name: d, image: i}]}}");
    debugged.patch("p", merge, "{spec: {ephemeralContainers: [{name: e, image: i}]}}");
    assertThatThrownBy(
            () ->
                debugged.patch("p", merge, "{spec: {ephemeralContainers: [{name: d, image: j}]}}"))
        .hasMessageContaining(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be"
                + " changed");
    assertThatThrownBy(
            () -> debugged.patch("p", "merge-patch", "{spec: {ephemeralContainers: []}}"))
        .hasMessageContaining(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be"
                + " removed");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {name: d, image: i, targetContainerName: x}               | spec.ephemeralContainers[0].targetContainerName: Not found: "x"
          {name: a, image: i}                                       | spec.ephemeralContainers[0].name: Duplicate value: "a"
          {name: d, image: i, resources: {limits: {cpu: 1}}}        | spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container
          {name: d, image: i, ports: [{containerPort: 1}]}          | spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container
          """)
  void aDebuggingContainerTakesNothingThatThePodWouldHaveToPlanFor(String extra, String refusal) {
    assertThatThrownBy(
            () ->
                pods.sub("ephemeralcontainers")
                    .patch(
                        "p",
                        "strategic-merge-patch",
                        "{spec: {ephemeralContainers: [" + extra + "]}}"))
        .hasMessageContaining(refusal);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          {requests: {cpu: 2}, limits: {cpu: 1}}  | spec.resources.requests[cpu]: Invalid value: "2": must be less than or equal to cpu limit of 1
          {requests: {memory: 1Mi}}               | spec.resources.requests[memory]: Invalid value: "1Mi": must be greater than or equal to aggregate container requests of 2Mi
          {limits: {memory: 3Mi}}                 | spec.containers[0].resources.limits[memory]: Invalid value: "4Mi": must be less than or equal to pod limits of 3Mi
          {limits: {example.com/gpu: 1}}          | spec.resources.limits[example.com/gpu]: Invalid value: "example.com/gpu": must be cpu, memory or hugepages at pod-level
          """)
  void whatAPodAsksForAsAWholeFitsItsContainers(String whole, String refusal) {
    assertThatThrownBy(
            () ->
                pods.create(
                    "{metadata: {name: w}, spec: {resources: "
                        + whole
                        + ", containers: [{name: a, image: i, resources: {requests: {memory: 2Mi},"
                        + " limits: {memory: 4Mi}}}]}}"))
        .hasMessageContaining(refusal);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          ephemeralContainers: [{name: d, image: i}]   | spec.ephemeralContainers: Forbidden: cannot be set on create
          nodeName: n, schedulingGates: [{name: x.io/g}] | spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared
          """)
  void aNewPodHasNothingThatComesLater(String early, String refusal) {
    String spec = "{containers: [{name: a, image: i}], " + early + "}";
    assertThatThrownBy(() -> pods.create("{metadata: {name: e}, spec: " + spec + "}"))
        .hasMessageContaining(refusal);
  }

  @Test
  void aTemplateHasNoDebuggingContainers() {
    assertThatThrownBy(
            () ->
                api.at("v1/podtemplates")
                    .create(
                        "{metadata: {name: t}, template: {spec: {containers: [{name: a, image: i}],"
                            + " ephemeralContainers: [{name: d, image: i}]}}}"))
        .hasMessageContaining(
            "template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod"
                + " template");
  }

  @Test
  void whatAPodAsksForAsAWholeMakesItsClass() {
    assertThat(pods.get("whole").child("status").text("qosClass")).isEqualTo("Guaranteed");
  }

  @Test
  void aPodWithGatesSaysThatTheyHoldIt() {
    Obj pod =
        pods.create(
            "{metadata: {name: held}, spec: {schedulingGates: [{name: a/b}], containers: [{name: a,"
                + " image: i}]}}");
    Obj condition = pod.child("status").items("conditions").getFirst();
    assertThat(condition.text("type")).isEqualTo("PodScheduled");
    assertThat(condition.text("status")).isEqualTo("False");
    assertThat(condition.text("reason")).isEqualTo("SchedulingGated");
  }
}
