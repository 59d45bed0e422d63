package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the pods of a suspended Job may still be directed elsewhere or ask for something else. */
class SuspendedJobTest {
  private final Api api = new Api();
  private final Api.Place jobs = api.at("batch/v1/jobs");

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest(name = "suspended {0}, status {1}: its template may change {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | {}                                                                   | true",
        "true  | {startTime: '2026-01-01T00:00:00Z'}                                  | false",
        "true  | {startTime: '2026-01-01T00:00:00Z', active: 1, conditions: [{type: Suspended, status: 'True'}]} | false",
        "true  | {startTime: '2026-01-01T00:00:00Z', conditions: [{type: Suspended, status: 'False'}]} | false",
        "true  | {startTime: '2026-01-01T00:00:00Z', conditions: [{type: Suspended, status: 'True'}]}  | true",
        "false | {}                                                                   | false",
      })
  void theTemplateMayChangeWhileNoPodRuns(boolean suspended, String status, boolean may) {
    jobs.create(
        """
        {metadata: {name: x}, spec: {suspend: %s, template: {spec: {restartPolicy: Never,
          initContainers: [{name: before, image: i}], containers: [{name: main, image: i}]}}}}
        """
            .formatted(suspended));
    jobs.sub("status").patch("x", "merge-patch", "{status: " + status + "}");
    for (String change :
        new String[] {
          "{nodeSelector: {a: b}}",
          "{containers: [{name: main, image: i, resources: {requests: {cpu: 1}}}]}",
          "{initContainers: [{name: before, image: i, resources: {requests: {cpu: 1}}}]}",
        }) {
      String patch = "{spec: {template: {spec: " + change + "}}}";
      if (may) {
        Obj changed = jobs.patch("x", "strategic-merge-patch", patch);
        assertThat(changed.child("metadata").number("generation", 0)).isGreaterThan(1);
      } else {
        assertThatThrownBy(() -> jobs.patch("x", "strategic-merge-patch", patch))
            .isInstanceOf(ApiFailure.class)
            .hasMessageContaining("spec.template: Invalid value");
      }
    }
  }
}
