package dev.kapell.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.tree.Obj;
import java.time.Duration;
import java.time.Instant;
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
