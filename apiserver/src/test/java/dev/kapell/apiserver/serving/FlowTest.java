package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.flow.FlowOptions;
import dev.kapell.apiserver.metrics.Exposition;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Priority and fairness as clients see it. */
class FlowTest {
  private static final String API = "/apis/flowcontrol.apiserver.k8s.io/v1/";
  private static final String JSON = "application/json";

  @TempDir private Path folder;

  @Test
  void everyAnswerNamesItsSchemaAndALevelWithoutSeatsSendsAway() throws Exception {
    FlowOptions bounds = new FlowOptions(10, Duration.ofMillis(100), 2);
    try (Served served =
        new Served(folder.resolve("keys"), Operations.defaults().withFlow(bounds))) {
      assertThat(served.get(API + "flowschemas/exempt").headers().map())
          .containsKeys("x-kubernetes-pf-flowschema-uid", "x-kubernetes-pf-prioritylevel-uid");
      String level =
          """
          {"metadata":{"name":"nothing"},"spec":{"type":"Limited","limited":{
            "nominalConcurrencyShares":0,"borrowingLimitPercent":0,
            "limitResponse":{"type":"Reject"}}}}""";
      String schema =
          """
          {"metadata":{"name":"ann"},"spec":{"matchingPrecedence":10,
            "priorityLevelConfiguration":{"name":"nothing"},
            "rules":[{"subjects":[{"kind":"User","user":{"name":"ann"}}],
              "nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}]}}""";
      assertThat(served.post(API + "prioritylevelconfigurations", JSON, level).statusCode())
          .isEqualTo(201);
      assertThat(served.post(API + "flowschemas", JSON, schema).statusCode()).isEqualTo(201);
      HttpResponse<String> sent = asAnn(served);
      while (sent.statusCode() != 429) {
        sent = asAnn(served); // until the watch has told of the schema
      }
      assertThat(sent.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(sent.body()).contains("Too many requests, please try again later.");
      assertThat(served.get(API + "flowschemas/ann").body()).contains("Dangling");
      Exposition figures = Exposition.parse(served.get("/metrics", "text/plain").body());
      assertThat(
              figures.value(
                  "apiserver_flowcontrol_rejected_requests_total",
                  "flow_schema=\"ann\"",
                  "reason=\"concurrency-limit\""))
          .isPositive();
      assertThat(figures.types())
          .containsKeys(
              "apiserver_flowcontrol_dispatched_requests_total",
              "apiserver_flowcontrol_request_wait_duration_seconds",
              "apiserver_flowcontrol_nominal_limit_seats");
      assertThat(served.get("/debug/api_priority_and_fairness/dump_priority_levels").body())
          .contains("PriorityLevelName", "workload-low");
      assertThat(
              served
                  .send(
                      served
                          .to("/debug/api_priority_and_fairness/dump_queues")
                          .header("Impersonate-User", "bob"))
                  .statusCode())
          .isEqualTo(403);
    }
  }

  private static HttpResponse<String> asAnn(Served served) throws Exception {
    return served.send(served.to("/version").header("Impersonate-User", "ann"));
  }
}
