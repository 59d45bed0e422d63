package dev.kapell.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.tree.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @SuppressWarnings("unchecked") // YAML of an object
  private static Obj yaml(String text) {
    return Obj.root((Map<String, Object>) Objects.requireNonNull(Yaml.document(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "119, 119s",
    "120, 2m",
    "200, 3m20s",
    "600, 10m",
    "10799, 179m",
    "10800, 3h",
    "12000, 3h20m",
    "28800, 8h",
    "172799, 47h",
    "172800, 2d",
    "180000, 2d2h",
    "691200, 8d",
    "63072000, 2y",
    "64800000, 2y20d"
  })
  void writesSpansAsKubectlDoes(long seconds, String text) {
    assertThat(Age.of(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void saysWhatARunningPodDoes() {
    PodStatus status =
        PodStatus.of(
            yaml(
                """
                spec: {containers: [{name: a}, {name: b}]}
                status:
                  phase: Running
                  containerStatuses:
                  - {name: a, ready: true, restartCount: 2, state: {running: {}},
                     lastState: {terminated: {finishedAt: "2026-11-21T11:55:00Z"}}}
                  - {name: b, ready: false, state: {waiting: {reason: CrashLoopBackOff}}}
                """));
    assertThat(status.word()).isEqualTo("CrashLoopBackOff");
    assertThat(status.ready()).isEqualTo(1);
    assertThat(status.total()).isEqualTo(2);
    assertThat(status.restarts(NOW)).isEqualTo("2 (5m ago)");
  }

  @Test
  void saysHowFarInitializationIs() {
    PodStatus status =
        PodStatus.of(
            yaml(
                """
                spec: {containers: [{name: a}], initContainers: [{name: i}, {name: j}]}
                status:
                  phase: Pending
                  initContainerStatuses:
                  - {name: i, state: {terminated: {exitCode: 0}}}
                  - {name: j, state: {running: {}}}
                """));
    assertThat(status.word()).isEqualTo("Init:1/2");
  }

  @Test
  void saysThatADeletedPodIsOnItsWayOut() {
    PodStatus status =
        PodStatus.of(
            yaml(
                "metadata: {deletionTimestamp: \"2026-11-21T12:00:00Z\"}\nstatus: {phase: Running}"));
    assertThat(status.word()).isEqualTo("Terminating");
  }

  @Test
  void aPodThatHasRunToItsEndIsNotTerminating() {
    PodStatus status =
        PodStatus.of(
            yaml(
                """
                metadata: {deletionTimestamp: "2026-11-21T12:00:00Z", finalizers: [a/b]}
                status:
                  phase: Succeeded
                  containerStatuses: [{name: a, state: {terminated: {exitCode: 0, reason: Completed}}}]
                """));
    assertThat(status.word()).isEqualTo("Completed");
  }

  @Test
  void aSidecarThatComesBackHidesNeitherTheOthersNorCountsTheRestartsOfInitContainers() {
    PodStatus status =
        PodStatus.of(
            yaml(
                """
                spec:
                  containers: [{name: a}]
                  initContainers: [{name: i}, {name: s, restartPolicy: Always}]
                status:
                  phase: Running
                  conditions: [{type: Initialized, status: "True"}]
                  initContainerStatuses:
                  - {name: i, restartCount: 4, state: {terminated: {exitCode: 0}}}
                  - {name: s, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}},
                     lastState: {terminated: {finishedAt: "2026-11-21T11:55:00Z"}}}
                  containerStatuses: [{name: a, ready: true, state: {running: {}}}]
                """));
    assertThat(status.ready()).isEqualTo(1);
    assertThat(status.word()).isEqualTo("Init:CrashLoopBackOff");
    assertThat(status.restarts(NOW)).isEqualTo("3 (5m ago)");
  }

  @ParameterizedTest(name = "{0}, {1}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "cronjobs.batch | Images | {spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: i}]}}}}}} | i",
        "cronjobs.batch | Containers | {spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: n}]}}}}}} | n",
        "controllerrevisions.apps | Controller | {metadata: {ownerReferences: [{kind: StatefulSet, apiVersion: apps/v1, name: w, controller: true}]}} | statefulset.apps/w",
        "jobs.batch | Status | {metadata: {deletionTimestamp: x}, status: {conditions: [{type: Suspended, status: 'True'}]}} | Terminating",
        "jobs.batch | Status | {status: {conditions: [{type: Failed, status: 'True'}]}} | Failed",
        "jobs.batch | Status | {} | Running",
        "certificatesigningrequests.certificates.k8s.io | RequestedDuration | {spec: {expirationSeconds: 86400}} | 24h",
        "certificatesigningrequests.certificates.k8s.io | Condition | {status: {conditions: [{type: Failed}]}} | Pending,Failed",
        "certificatesigningrequests.certificates.k8s.io | Condition | {status: {certificate: c, conditions: [{type: Approved}]}} | Approved,Issued",
        "clustertrustbundles.certificates.k8s.io | SignerName | {spec: {signerName: e.com/s}} | e.com/s",
        "ingresses.networking.k8s.io | Hosts | {spec: {rules: [{host: a}, {host: b}, {host: c}, {host: d}]}} | a,b,c + 1 more...",
        "ingresses.networking.k8s.io | Address | {status: {loadBalancer: {ingress: [{ip: 2.2.2.2}, {ip: 1.1.1.1}, {ip: 2.2.2.2}]}}} | 1.1.1.1,2.2.2.2",
        "ingressclasses.networking.k8s.io | Parameters | {spec: {parameters: {apiGroup: e.com, kind: P, name: p}}} | P.e.com/p",
        "endpointslices.discovery.k8s.io | Ports | {ports: [{port: 1}, {name: x}, {}, {port: 4}]} | 1,x,* + 1 more...",
        "endpoints | Endpoints | {subsets: [{addresses: [{ip: a}, {ip: b}], ports: [{port: 1}, {port: 2}]}]} | a:1,b:1,a:2 + 1 more...",
        "events | Source | {reportingComponent: c, reportingInstance: i} | c, i",
        "events | Count | {count: 2, series: {count: 5}} | 5",
        "resourceclaims.resource.k8s.io | State | {metadata: {deletionTimestamp: x}, status: {allocation: {}, reservedFor: [{}]}} | deleted,allocated,reserved",
      })
  void cellsSayWhatKubernetesSays(String resource, String column, String object, String cell) {
    Map<String, List<Column>> all = new HashMap<>(CoreTables.all());
    all.putAll(GroupTables.all());
    all.putAll(StorageTables.all());
    Column found =
        all.getOrDefault(resource, List.of()).stream()
            .filter(each -> each.name().equals(column))
            .findFirst()
            .orElseThrow();
    assertThat(found.cell().of(yaml(object), NOW)).isEqualTo(cell);
  }

  @Test
  void aCustomCellIsOfItsTypeOrEmpty() {
    Instant now = Instant.parse("2026-01-01T00:00:10Z");
    assertThat(CustomColumns.cell("string", List.of("a", 1L), now)).isEqualTo("[\"a\",1]");
    assertThat(CustomColumns.cell("string", Map.of("a", "b"), now)).isEqualTo("{\"a\":\"b\"}");
    assertThat(CustomColumns.cell("string", true, now)).isEqualTo("true");
    assertThat(CustomColumns.cell("integer", 2.0, now)).isEqualTo(2L);
    assertThat(CustomColumns.cell("integer", "2", now)).isNull();
    assertThat(CustomColumns.cell("boolean", "true", now)).isNull();
    assertThat(CustomColumns.cell("date", "2026-01-01T00:00:00Z", now)).isEqualTo("10s");
    assertThat(CustomColumns.cell("date", null, now)).isNull();
  }

  @Test
  void followsTheSimplePathsOfCustomColumns() {
    Map<String, Object> object =
        yaml("""
                spec: {ports: [{name: http, port: 80}], "dotted.key": x}
                status: {conditions: [{type: Ready, status: "True"}]}
                """)
            .map();
    assertThat(CustomColumns.find(object, ".spec.ports[0].port")).isEqualTo(80L);
    assertThat(CustomColumns.find(object, ".spec['dotted.key']")).isEqualTo("x");
    assertThat(CustomColumns.find(object, ".status.conditions[?(@.type==\"Ready\")].status"))
        .isEqualTo("True");
    assertThat(CustomColumns.find(object, ".spec.absent.deeper")).isNull();
  }
}
