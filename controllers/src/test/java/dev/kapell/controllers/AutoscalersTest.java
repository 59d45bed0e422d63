package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.autoscaling.v2.CrossVersionObjectReference;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscalerSpec;
import dev.kapell.api.autoscaling.v2.MetricIdentifier;
import dev.kapell.api.autoscaling.v2.MetricSpec;
import dev.kapell.api.autoscaling.v2.MetricTarget;
import dev.kapell.api.autoscaling.v2.PodsMetricSource;
import dev.kapell.api.resource.Quantity;
import dev.kapell.controllers.autoscaling.MetricsApi;
import dev.kapell.controllers.world.Make;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AutoscalersTest extends ClusterTest {
  @Override
  protected MetricsApi metrics() {
    return new MetricsApi() {
      @Override
      public boolean serves(String group, String version) {
        return false;
      }

      @Override
      public byte[] get(String group, String version, String path, Map<String, String> query) {
        throw new IllegalStateException("not served");
      }

      @Override
      public String scrape(String address, int port, String path) throws IOException {
        if (port != 9090) {
          throw new IOException("nobody listens");
        }
        return "# TYPE waiting gauge\nwaiting 30\n";
      }
    };
  }

  @Test
  void aDeploymentIsScaledByWhatItsPodsSay() throws Exception {
    var web = web(2);
    var template = web.spec().template();
    assertThat(template).isNotNull();
    var asked =
        template.withMetadata(
            template.metadata().withAnnotations(Map.of("prometheus.io/port", "9090")));
    client.create(Types.DEPLOYMENT, web.withSpec(web.spec().withTemplate(asked)));
    awaitReady("web:1", 2);
    client.create(Types.HORIZONTAL_POD_AUTOSCALER, autoscaler("waiting"));
    await(
        "four replicas", () -> client.get(Types.DEPLOYMENT, key("web")).spec().replicasOr(0) == 4);
    await(
        "a status that says so",
        () -> condition("AbleToScale").startsWith("True SucceededRescale"));
    assertThat(
            client.get(Types.HORIZONTAL_POD_AUTOSCALER, key("web")).status().desiredReplicasOr(0))
        .isEqualTo(4);
  }

  @Test
  void aMetricThatNobodyHasIsACondition() throws Exception {
    client.create(Types.DEPLOYMENT, web(2));
    awaitReady("web:1", 2);
    client.create(Types.HORIZONTAL_POD_AUTOSCALER, autoscaler("nothing"));
    await("a condition", () -> condition("ScalingActive").startsWith("False FailedGetPodsMetric"));
    assertThat(condition("ScalingActive")).contains("prometheus.io/port");
    await(
        "an event",
        () ->
            list(Types.CORE_EVENT).stream()
                .anyMatch(event -> event.reasonOr("").equals("FailedComputeMetricsReplicas")));
  }

  private String condition(String type) {
    return client.get(Types.HORIZONTAL_POD_AUTOSCALER, key("web")).status().conditions().stream()
        .filter(each -> each.typeOr("").equals(type))
        .map(each -> each.statusOr("") + " " + each.reasonOr("") + " " + each.messageOr(""))
        .findFirst()
        .orElse("");
  }

  private static HorizontalPodAutoscaler autoscaler(String metric) {
    MetricSpec spec =
        MetricSpec.builder()
            .type("Pods")
            .pods(
                PodsMetricSource.builder()
                    .metric(MetricIdentifier.builder().name(metric).build())
                    .target(
                        MetricTarget.builder()
                            .type("AverageValue")
                            .averageValue(Quantity.of(10))
                            .build())
                    .build())
            .build();
    return HorizontalPodAutoscaler.builder()
        .metadata(Make.meta("web"))
        .spec(
            HorizontalPodAutoscalerSpec.builder()
                .scaleTargetRef(
                    CrossVersionObjectReference.builder()
                        .apiVersion("apps/v1")
                        .kind("Deployment")
                        .name("web")
                        .build())
                .maxReplicas(8)
                .metrics(List.of(spec))
                .build())
        .build();
  }
}
