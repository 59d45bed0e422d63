package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotas hold, whoever writes at the same time, and say what is used. */
class QuotaTest {
  private final Api api = new Api();
  private final Api.Place quotas = api.at("v1/resourcequotas");
  private final Api.Place configs = api.at("v1/configmaps");
  private final Api.Place pods = api.at("v1/pods");

  @AfterEach
  void close() {
    api.close();
  }

  /** A quota that was counted for the first time, which happens a moment after its creation. */
  private void quota(String spec) {
    quotas.create("{metadata: {name: q}, spec: " + spec + "}");
    StoreChanges.await(api, "resourcequotas", "the first count", () -> !used().isEmpty());
  }

  private Map<String, String> used() {
    return quotas.get("q").child("status").strings("used");
  }

  private static String pod(String name, String spec) {
    return "{metadata: {name: "
        + name
        + "}, spec: {containers: [{name: c, image: i"
        + spec
        + "}]}}";
  }

  @Test
  void writesAtTheSameTimeCannotExceedItTogether() throws Exception {
    quota("{hard: {configmaps: '10'}}");
    AtomicInteger made = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    int callers = 40;
    CountDownLatch done = new CountDownLatch(callers);
    try (TaskScope scope = new TaskScope("callers", (task, cause) -> {})) {
      for (int i = 0; i < callers; i++) {
        String name = "c" + i;
        scope.start(
            name,
            () -> {
              try {
                configs.create("metadata: {name: " + name + "}");
                made.incrementAndGet();
              } catch (ApiFailure e) {
                refused.incrementAndGet();
              } finally {
                done.countDown();
              }
            });
      }
      done.await();
    }
    assertThat(made).hasValue(10);
    assertThat(refused).hasValue(callers - 10);
    assertThat(used()).containsEntry("configmaps", "10");
  }

  @Test
  void whatGoesGivesItsShareBackAtOnce() {
    quota("{hard: {configmaps: '1'}}");
    configs.create("metadata: {name: a}");
    says(
        403,
        "configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1, used:"
            + " configmaps=1, limited: configmaps=1",
        () -> configs.create("metadata: {name: b}"));
    says(403, "exceeded quota", () -> configs.with("dryRun", "All").create("metadata: {name: b}"));
    configs.delete("a");
    assertThat(used()).containsEntry("configmaps", "0");
    configs.create("metadata: {name: b}");
  }

  @Test
  void whatWasThereBeforeCounts() {
    configs.create("metadata: {name: a}");
    configs.create("metadata: {name: b}");
    quota("{hard: {configmaps: '2'}}");
    says(403, "used: configmaps=2", () -> configs.create("metadata: {name: c}"));
  }

  @Test
  void aPodThatEndsGivesItsResourcesBack() {
    quota("{hard: {pods: '1', requests.cpu: '1', count/pods: '5'}}");
    pods.create(pod("a", ", resources: {requests: {cpu: 600m}}"));
    assertThat(used()).containsEntry("requests.cpu", "600m").containsEntry("pods", "1");
    pods.sub("status").patch("a", "merge-patch", "status: {phase: Succeeded}");
    assertThat(used())
        .containsEntry("requests.cpu", "0")
        .containsEntry("pods", "0")
        .containsEntry("count/pods", "1");
    pods.create(pod("b", ", resources: {requests: {cpu: 600m}}"));
  }

  @Test
  void aLimitOnComputeMakesContainersStateTheirs() {
    quota("{hard: {limits.cpu: '2', requests.memory: 1Gi}}");
    says(
        403,
        "failed quota: q: must specify limits.cpu for: c; requests.memory for: c",
        () -> pods.create(pod("a", "")));
    pods.create(pod("a", ", resources: {limits: {cpu: '1', memory: 1Mi}}"));
    assertThat(used()).containsEntry("limits.cpu", "1").containsEntry("requests.memory", "1Mi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BestEffort| |true",
        "BestEffort|, resources: {requests: {cpu: 1m}}|false",
        "NotBestEffort|, resources: {requests: {cpu: 1m}}|true",
        "NotTerminating| |true",
        "Terminating| |false",
        "CrossNamespacePodAffinity| |false",
      })
  void scopesSayWhichPodsCount(
      String scope, @org.jspecify.annotations.Nullable String resources, boolean counted) {
    quota("{hard: {pods: '9'}, scopes: [" + scope + "]}");
    pods.create(pod("a", resources == null ? "" : resources));
    assertThat(used()).containsEntry("pods", counted ? "1" : "0");
  }

  @Test
  void priorityClassesAreAScopeToo() {
    api.at("scheduling.k8s.io/v1/priorityclasses").create("{metadata: {name: high}, value: 9}");
    quota(
        "{hard: {pods: '1'}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass,"
            + " operator: In, values: [high]}]}}");
    String high =
        "{metadata: {name: %s}, spec: {priorityClassName: high, containers: [{name: c, image: i}]}}";
    pods.create(pod("a", ""));
    pods.create(high.formatted("b"));
    says(403, "exceeded quota", () -> pods.create(high.formatted("c")));
  }

  @Test
  void servicesTakePortsAndBalancers() {
    quota("{hard: {services: '5', services.nodeports: '2', services.loadbalancers: '1'}}");
    Api.Place services = api.at("v1/services");
    services.create(
        "{metadata: {name: a}, spec: {type: NodePort, ports: [{port: 1, name: x}, {port: 2, name: y}]}}");
    assertThat(used()).containsEntry("services.nodeports", "2");
    says(
        403,
        "exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=2",
        () ->
            services.create(
                "{metadata: {name: b}, spec: {type: LoadBalancer, ports: [{port: 1}]}}"));
    services.patch("a", "merge-patch", "spec: {type: ClusterIP, ports: [{port: 1, name: x}]}");
    assertThat(used()).containsEntry("services.nodeports", "0");
    assertThat(used()).containsEntry("services", "1");
  }

  @Test
  void storageIsCountedByClass() {
    quota(
        "{hard: {requests.storage: 3Gi, gold.storageclass.storage.k8s.io/requests.storage: 1Gi,"
            + " persistentvolumeclaims: '9'}}");
    Api.Place claims = api.at("v1/persistentvolumeclaims");
    String claim =
        "{metadata: {name: %s}, spec: {storageClassName: %s, accessModes: [ReadWriteOnce],"
            + " resources: {requests: {storage: 1Gi}}}}";
    claims.create(claim.formatted("a", "gold"));
    says(
        403,
        "gold.storageclass.storage.k8s.io/requests.storage=1Gi",
        () -> claims.create(claim.formatted("b", "gold")));
    claims.create(claim.formatted("b", "silver"));
    assertThat(used()).containsEntry("requests.storage", "2Gi");
  }

  @Test
  void devicesAreCountedByClass() {
    quota(
        "{hard: {gold.deviceclass.resource.k8s.io/devices: '5',"
            + " count/resourceclaims.resource.k8s.io: '9'}}");
    Api.Place claims = api.at("resource.k8s.io/v1/resourceclaims");
    claims.create(
        """
        {metadata: {name: a}, spec: {devices: {requests: [
          {name: x, exactly: {deviceClassName: gold, count: 2}},
          {name: y, firstAvailable: [{name: one, deviceClassName: gold}, {name: two, deviceClassName: gold, count: 2},
                                     {name: three, deviceClassName: silver, count: 9}]}]}}}
        """);
    assertThat(used()).containsEntry("gold.deviceclass.resource.k8s.io/devices", "4");
    assertThat(used()).containsEntry("count/resourceclaims.resource.k8s.io", "1");
    says(
        403,
        "requested: gold.deviceclass.resource.k8s.io/devices=32",
        () ->
            claims.create(
                "{metadata: {name: b}, spec: {devices: {requests: [{name: x, exactly:"
                    + " {deviceClassName: gold, allocationMode: All}}]}}}"));
  }

  @Test
  void customAndGroupedObjectsAreCounted() {
    quota("{hard: {count/deployments.apps: '1'}}");
    Api.Place deployments = api.at("apps/v1/deployments");
    deployments.create(Api.deployment("a", 1));
    says(
        403,
        "deployments.apps \"b\" is forbidden: exceeded quota: q, requested:"
            + " count/deployments.apps=1, used: count/deployments.apps=1, limited:"
            + " count/deployments.apps=1",
        () -> deployments.create(Api.deployment("b", 1)));
  }

  @Test
  void aNewLimitIsCountedAnew() {
    configs.create("metadata: {name: a}");
    quota("{hard: {pods: '1'}}");
    quotas.patch("q", "merge-patch", "spec: {hard: {configmaps: '1'}}");
    says(403, "used: configmaps=1", () -> configs.create("metadata: {name: b}"));
    assertThat(List.of("a")).isEqualTo(configs.names());
  }
}
