package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults, rules and admission, kind by kind. */
class KindsTest {
  private final Api api = new Api();
  private final Api.Place pods = api.at("v1/pods");
  private final Api.Place services = api.at("v1/services");

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aPriorityClassHasAValue() {
    Obj made = api.at("scheduling.k8s.io/v1/priorityclasses").create("metadata: {name: low}");
    assertThat(made.get("value")).isEqualTo(0L);
    assertThat(made.child("metadata").items("managedFields").toString()).doesNotContain("f:value");
  }

  @Test
  void aPodGetsItsDefaultsAndAnIdentity() {
    Obj pod = pods.create(Api.pod("a"));
    Obj spec = pod.child("spec");
    assertThat(spec.text("restartPolicy")).isEqualTo("Always");
    assertThat(spec.text("schedulerName")).isEqualTo("default-scheduler");
    assertThat(spec.number("terminationGracePeriodSeconds", 0)).isEqualTo(30);
    assertThat(spec.text("serviceAccountName")).isEqualTo("default");
    assertThat(spec.flag("enableServiceLinks")).isTrue();
    assertThat(spec.number("priority", -1)).isZero();
    assertThat(spec.items("tolerations")).hasSize(2);
    assertThat(pod.child("status").text("phase")).isEqualTo("Pending");
    assertThat(pod.child("status").text("qosClass")).isEqualTo("BestEffort");
    Obj container = spec.items("containers").getFirst();
    assertThat(container.text("imagePullPolicy")).isEqualTo("IfNotPresent");
    assertThat(container.items("volumeMounts").getFirst().text("mountPath"))
        .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
    assertThat(spec.items("volumes").getFirst().child("projected").items("sources")).hasSize(3);
  }

  @Test
  void aStatefulSetMountsTheClaimsOfItsTemplates() {
    String set =
        """
        metadata: {name: db}
        spec:
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              containers:
              - {name: main, image: i, volumeMounts: [{name: %s, mountPath: /data}]}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """;
    assertThatThrownBy(() -> api.at("apps/v1/statefulsets").create(set.formatted("other")))
        .hasMessageContaining("volumeMounts[0].name: Not found: \"other\"");
    api.at("apps/v1/statefulsets").create(set.formatted("data"));
    assertThat(api.at("apps/v1/statefulsets").names()).containsExactly("db");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec: {} | spec.containers: Required value",
        "spec: {containers: [{image: i}]} | spec.containers[0].name: Required value",
        "spec: {containers: [{name: a}]} | spec.containers[0].image: Required value",
        "spec: {containers: [{name: A_, image: i}]} | spec.containers[0].name: Invalid value",
        "spec: {containers: [{name: a, image: i}, {name: a, image: i}]} | spec.containers[1].name:"
            + " Duplicate value: \"a\"",
        "spec: {restartPolicy: Maybe, containers: [{name: a, image: i}]} | spec.restartPolicy:"
            + " Unsupported value: \"Maybe\"",
        "spec: {containers: [{name: a, image: i, volumeMounts: [{name: v, mountPath: /x}]}]} |"
            + " spec.containers[0].volumeMounts[0].name: Not found: \"v\"",
        "spec: {containers: [{name: a, image: i, ports: [{containerPort: 70000}]}]} |"
            + " spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1"
            + " and 65535, inclusive",
        "spec: {containers: [{name: a, image: i, livenessProbe: {}}]} |"
            + " spec.containers[0].livenessProbe: Required value: must specify a handler type",
        "spec: {containers: [{name: a, image: i, resources: {limits: {cpu: 1}, requests: {cpu:"
            + " 2}}}]} | must be less than or equal to cpu limit of 1",
      })
  void aWrongPodIsRefusedByField(String spec, String message) {
    refused(422, "Invalid", () -> pods.create("{metadata: {name: x}, " + spec + "}"))
        .hasMessageContaining(message);
  }

  @Test
  void aPodsSpecIsFixedButForItsImages() {
    pods.create(Api.pod("a"));
    pods.patch(
        "a", "json-patch", "[{op: replace, path: /spec/containers/0/image, value: 'img:2'}]");
    refused(422, "Invalid", () -> pods.patch("a", "merge-patch", "{spec: {restartPolicy: Never}}"))
        .hasMessageContaining("spec: Forbidden: pod updates may not change fields other than");
  }

  @Test
  void theNoteOfANewerEventMayChangeAndItsReasonNot() {
    Api.Place events = api.at("events.k8s.io/v1/events");
    events.create(
        "{metadata: {name: e}, regarding: {namespace: default}, type: Normal, action: a, reason: r,"
            + " note: n, eventTime: '2026-01-01T00:00:00.000000Z', reportingController: c,"
            + " reportingInstance: i}");
    assertThat(events.patch("e", "merge-patch", "{note: other}").text("note")).isEqualTo("other");
    refused(422, "Invalid", () -> events.patch("e", "merge-patch", "{reason: other}"))
        .hasMessageContaining("reason: Invalid value: \"other\": field is immutable");
  }

  @Test
  void aDeploymentGetsItsDefaultsAndKeepsItsSelector() {
    Api.Place deployments = api.at("apps/v1/deployments");
    Obj spec = deployments.create(Api.deployment("web", 1)).child("spec");
    assertThat(spec.child("strategy").child("rollingUpdate").text("maxSurge")).isEqualTo("25%");
    assertThat(spec.number("progressDeadlineSeconds", 0)).isEqualTo(600);
    refused(
            422,
            "Invalid",
            () ->
                deployments.patch(
                    "web", "merge-patch", "{spec: {selector: {matchLabels: {a: b}}}}"))
        .hasMessageContaining("field is immutable");
    refused(422, "Invalid", () -> deployments.create("{metadata: {name: x}, spec: {}}"))
        .hasMessageContaining("spec.selector: Required value");
  }

  @Test
  void aServiceGetsAnAddressAndPortsThatAreGivenBack() {
    Obj made =
        services.create(
            "{metadata: {name: a}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}}");
    String address = made.child("spec").text("clusterIP");
    assertThat(address).startsWith("10.43.");
    assertThat(made.child("spec").texts("clusterIPs")).containsExactly(address);
    String same =
        "{metadata: {name: b}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}}";
    refused(422, "Invalid", () -> services.create(same))
        .hasMessageContaining("provided port is already allocated");
    String taken = "{metadata: {name: b}, spec: {clusterIP: " + address + ", ports: [{port: 80}]}}";
    refused(422, "Invalid", () -> services.create(taken))
        .hasMessageContaining("provided IP is already allocated");
    services.delete("a");
    services.create(same);
    services.delete("b");
    assertThat(services.create(taken).child("spec").text("clusterIP")).isEqualTo(address);
  }

  @Test
  void aHeadlessAndAnExternalServiceHaveNoAddress() {
    Obj headless =
        services.create("{metadata: {name: a}, spec: {clusterIP: None, ports: [{port: 80}]}}");
    assertThat(headless.child("spec").texts("clusterIPs")).containsExactly("None");
    Obj external =
        services.create(
            "{metadata: {name: b}, spec: {type: ExternalName, externalName: example.com}}");
    assertThat(external.child("spec").has("clusterIP")).isFalse();
    Obj changed =
        services.patch(
            "b",
            "merge-patch",
            "{spec: {type: ClusterIP, externalName: null, ports: [{port: 1}]}}");
    assertThat(changed.child("spec").text("clusterIP")).startsWith("10.43.");
  }

  @Test
  void concurrentServicesNeverShareAnAddress() throws InterruptedException {
    var addresses = ConcurrentHashMap.<String>newKeySet();
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 64)
            .mapToObj(
                i ->
                    Thread.ofVirtual()
                        .start(
                            () ->
                                addresses.add(
                                    services
                                        .create(
                                            "{metadata: {name: s"
                                                + i
                                                + "}, spec: {type: NodePort, ports: [{port: 80}]}}")
                                        .child("spec")
                                        .text("clusterIP"))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(addresses).hasSize(64);
  }

  @Test
  void aSecretTakesPlainTextAndCanBeFrozen() {
    Api.Place secrets = api.at("v1/secrets");
    Obj made = secrets.create("{metadata: {name: a}, stringData: {k: hello}, immutable: true}");
    assertThat(made.child("data").text("k")).isEqualTo("aGVsbG8=");
    assertThat(made.has("stringData")).isFalse();
    assertThat(made.text("type")).isEqualTo("Opaque");
    refused(422, "Invalid", () -> secrets.patch("a", "merge-patch", "{stringData: {k: x}}"))
        .hasMessageContaining("field is immutable when `immutable` is set");
    refused(422, "Invalid", () -> secrets.create("{metadata: {name: b}, type: kubernetes.io/tls}"))
        .hasMessageContaining("data[tls.crt]: Required value");
  }

  @Test
  void eventsAreOneCollectionInTwoGroups() {
    api.at("v1/events")
        .create(
            "{metadata: {name: e}, involvedObject: {kind: Pod, namespace: default}, message: hi,"
                + " reason: Test}");
    Obj other = api.at("events.k8s.io/v1/events").get("e");
    assertThat(other.text("note")).isEqualTo("hi");
    assertThat(other.text("apiVersion")).isEqualTo("events.k8s.io/v1");
    assertThat(api.at("events.k8s.io/v1/events").names()).containsExactly("e");
  }

  @Test
  void autoscalersConvertBetweenTheirVersions() {
    api.at("autoscaling/v1/horizontalpodautoscalers")
        .create(
            "{metadata: {name: h}, spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 55,"
                + " scaleTargetRef: {kind: Deployment, name: web}}}");
    Obj second = api.at("autoscaling/v2/horizontalpodautoscalers").get("h");
    assertThat(
            second
                .child("spec")
                .items("metrics")
                .getFirst()
                .child("resource")
                .child("target")
                .number("averageUtilization", 0))
        .isEqualTo(55);
    Obj first = api.at("autoscaling/v1/horizontalpodautoscalers").get("h");
    assertThat(first.child("spec").number("targetCPUUtilizationPercentage", 0)).isEqualTo(55);
  }

  @Test
  void aJobsPodsFindItByItsUid() {
    Obj job =
        api.at("batch/v1/jobs")
            .create(
                "{metadata: {name: j}, spec: {template: {spec: {restartPolicy: Never, containers:"
                    + " [{name: a, image: i}]}}}}");
    String uid = job.child("metadata").text("uid");
    assertThat(
            job.child("spec")
                .child("selector")
                .strings("matchLabels")
                .get("batch.kubernetes.io/controller-uid"))
        .isEqualTo(uid);
    assertThat(job.child("spec").number("completions", 0)).isEqualTo(1);
  }

  @Test
  void quotasAndLimitsOfANamespaceHold() {
    api.at("v1/resourcequotas").create("{metadata: {name: q}, spec: {hard: {configmaps: '1'}}}");
    api.at("v1/configmaps").create("metadata: {name: a}");
    refused(403, "Forbidden", () -> api.at("v1/configmaps").create("metadata: {name: b}"))
        .hasMessageContaining("exceeded quota: q, requested: configmaps=1, used: configmaps=1");
    api.at("v1/limitranges")
        .create(
            "{metadata: {name: l}, spec: {limits: [{type: Container, default: {cpu: 500m}, max:"
                + " {cpu: '1'}}]}}");
    Obj container = pods.create(Api.pod("a")).child("spec").items("containers").getFirst();
    assertThat(container.child("resources").strings("limits")).containsEntry("cpu", "500m");
    refused(
            403,
            "Forbidden",
            () ->
                pods.create(
                    "{metadata: {name: b}, spec: {containers: [{name: a, image: i, resources:"
                        + " {limits: {cpu: 2}}}]}}"))
        .hasMessageContaining("maximum cpu usage per Container is 1, but limit is 2");
  }

  @Test
  void aFieldWithoutEffectIsWarnedOfByItsPath() {
    var answer =
        pods.raw(
            Verb.CREATE,
            "",
            Api.yaml(
                "{metadata: {name: a}, spec: {schedulingGroup: {podGroupName: g}, containers: [{name: a, image:"
                    + " i}], volumes: [{name: v, nfs: {server: s, path: /p}}]}}"));
    assertThat(answer.warnings())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("spec.volumes[0].nfs: stored, but has no effect: no such volume"))
        .anySatisfy(line -> assertThat(line).startsWith("spec.schedulingGroup: stored"));
    assertThat(pods.raw(Verb.CREATE, "", Api.yaml(Api.pod("b"))).warnings()).isEmpty();
  }

  @Test
  void anApprovalMayCarryAnnotations() {
    Api.Place requests = api.at("certificates.k8s.io/v1/certificatesigningrequests");
    String request =
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIR01HNENBUUF3RERFS01BZ0dB"
            + "MVVFQXd3Qll6QlpNQk1HQnlxR1NNNDlBZ0VHQ0NxR1NNNDlBd0VIQTBJQQpCT1d3UE1IaHkrS2NX"
            + "R3RKVUpOemE0d21TaU1aY2QrMEJDRHhhMHJZOHM5QzYyTDB3QjFmdFh6eHA2NnNVRXg0CndPL1po"
            + "aHRUTXoyQVNIR2g5R1VHUmdHZ0FEQUtCZ2dxaGtqT1BRUURBZ05JQURCRkFpRUFweEVicUI3RVli"
            + "c3kKNUMyMkdXM1kzelFJZ3NTZlZrTk42M2tDZUJDZnV6OENJRExQVEh0Ui9kWlljb01Xbm1XNnlT"
            + "bXhVK3BhK2tHWQpDL2xNc3FnYWttOVkKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0t"
            + "Cg==";
    requests.create(
        "{metadata: {name: c}, spec: {request: %s, signerName: x.io/y, usages: [client auth]}}"
            .formatted(request));
    Obj approved =
        requests
            .sub("approval")
            .patch(
                "c",
                "merge-patch",
                "{metadata: {annotations: {a: b}}, status: {conditions: [{type: Approved, status:"
                    + " 'True'}]}}");
    assertThat(approved.child("metadata").strings("annotations")).containsEntry("a", "b");
    assertThat(approved.child("status").items("conditions")).hasSize(1);
    assertThat(approved.child("spec").text("username")).isEqualTo("system:kapell");
  }

  @Test
  void everyBuiltInKindIsServed() {
    assertThat(api.core.pipeline().catalog().all()).hasSizeGreaterThan(55);
    for (var resource : api.core.pipeline().catalog().all()) {
      String path = resource.apiVersion() + "/" + resource.plural();
      assertThat(api.at(path).list().resourceVersion()).as(path).isNotEmpty();
    }
  }

  @Test
  void theApiServerIsPublishedInTheCluster() {
    api.core.publish("192.0.2.1", 6443);
    api.core.publish("192.0.2.2", 6443);
    assertThat(services.get("kubernetes").child("spec").text("clusterIP")).isEqualTo("10.43.0.1");
    assertThat(
            api.at("v1/endpoints")
                .get("kubernetes")
                .items("subsets")
                .getFirst()
                .items("addresses")
                .getFirst()
                .text("ip"))
        .isEqualTo("192.0.2.2");
  }
}
