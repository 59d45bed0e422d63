package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ApiObject;
import dev.kapell.api.IntOrString;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetSpec;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.api.batch.v1.CronJob;
import dev.kapell.api.batch.v1.CronJobSpec;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.batch.v1.JobTemplateSpec;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.controllers.world.Make;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What people get wrong: each time something says what and why, and then nothing is written until
 * something changes.
 */
class BadInputTest extends ClusterTest {
  private static final List<ResourceType<? extends ApiObject>> WATCHED =
      List.of(
          Types.DEPLOYMENT,
          Types.REPLICA_SET,
          Types.STATEFUL_SET,
          Types.DAEMON_SET,
          Types.JOB,
          Types.CRON_JOB,
          Types.POD,
          Types.CONFIG_MAP,
          Types.CORE_EVENT);

  private int probes;

  private void awaitEvent(String reason) throws InterruptedException {
    await(
        "event " + reason,
        () -> list(Types.CORE_EVENT).stream().anyMatch(e -> e.reasonOr("").equals(reason)));
  }

  private void awaitCondition(String deployment, String type) throws InterruptedException {
    await(
        "condition " + type,
        () ->
            client.get(Types.DEPLOYMENT, key(deployment)).status().conditions().stream()
                .anyMatch(c -> c.typeOr("").equals(type) && c.statusOr("").equals("True")));
  }

  /** While a workload elsewhere comes and goes, no object here is written. */
  private void assertQuiet() throws InterruptedException {
    probe(); // what was under way has ended
    Map<String, String> before = revisions();
    probe();
    assertThat(revisions()).isEqualTo(before);
  }

  private void probe() throws InterruptedException {
    probes++;
    createNamespace("elsewhere");
    Deployment web = web(1);
    ObjectMeta meta = web.metadata().withNamespace("elsewhere").withName("probe-" + probes);
    client.create(Types.DEPLOYMENT, web.withMetadata(meta));
    await(
        "the probe's pod",
        () ->
            client.list(Types.POD, ListQuery.in("elsewhere")).items().stream()
                .anyMatch(p -> p.metadata().nameOr("").startsWith("probe-" + probes + "-")));
  }

  private Map<String, String> revisions() {
    Map<String, String> revisions = new TreeMap<>();
    for (ResourceType<? extends ApiObject> type : WATCHED) {
      for (ApiObject object : list(type)) {
        revisions.put(
            type.kind() + "/" + object.metadata().nameOr(""),
            object.metadata().resourceVersionOr(""));
      }
    }
    return revisions;
  }

  @Test
  void selectorsThatMatchAnothersPods() throws Exception {
    client.create(Types.DEPLOYMENT, web(1));
    await("its pod", () -> list(Types.POD).size() == 1);
    client.create(Types.DEPLOYMENT, web(1).withMetadata(Make.meta("copy")));
    awaitCondition("copy", "SelectorOverlap");
    awaitEvent("SelectorOverlap");
    await("each has a pod of its own", () -> list(Types.POD).size() == 2);
    assertQuiet();
  }

  @Test
  void ownersInACircle() throws Exception {
    ConfigMap a = map("a", List.of());
    ConfigMap b = map("b", List.of(owner(a)));
    client.update(
        Types.CONFIG_MAP, a.withMetadata(a.metadata().withOwnerReferences(List.of(owner(b)))));
    awaitEvent("OwnersInACircle");
    assertThat(list(Types.CORE_EVENT))
        .filteredOn(event -> event.reasonOr("").equals("OwnersInACircle"))
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(String.valueOf(event.involvedObject())).contains("kind=ConfigMap");
              assertThat(event.messageOr("")).startsWith("it owns itself through ConfigMap \"");
            });
    assertQuiet();
    client.delete(
        Types.CONFIG_MAP,
        key("a"),
        DeleteOptions.builder().propagationPolicy("Foreground").build());
    await(
        "both go",
        () ->
            list(Types.CONFIG_MAP).stream()
                .noneMatch(m -> List.of("a", "b").contains(m.metadata().nameOr(""))));
  }

  private ConfigMap map(String name, List<OwnerReference> owners) {
    return client.create(
        Types.CONFIG_MAP,
        ConfigMap.builder().metadata(Make.meta(name).withOwnerReferences(owners)).build());
  }

  private static OwnerReference owner(ConfigMap map) {
    return OwnerReference.builder()
        .apiVersion("v1")
        .kind("ConfigMap")
        .name(map.metadata().name())
        .uid(map.metadata().uid())
        .blockOwnerDeletion(true)
        .build();
  }

  @Test
  void percentagesThatRoundToNothing() throws Exception {
    Deployment web = web(3);
    client.create(
        Types.DEPLOYMENT,
        web.withSpec(
            web.spec()
                .withStrategy(
                    DeploymentStrategy.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateDeployment.builder()
                                .maxSurge(IntOrString.of(0))
                                .maxUnavailable(IntOrString.of("10%"))
                                .build())
                        .build())));
    awaitCondition("web", "BudgetRounded");
    awaitEvent("RoundsToNothing");
    awaitReady("web:1", 3);
  }

  @Test
  void aTemplateThatNoNodeFits() throws Exception {
    Deployment web = web(2);
    client.create(
        Types.DEPLOYMENT, web.withSpec(web.spec().withTemplate(Make.template("web", "web:1"))));
    await("two pods", () -> list(Types.POD).size() == 2);
    for (Pod pod : list(Types.POD)) {
      PodCondition refused =
          PodCondition.builder()
              .type("PodScheduled")
              .status("False")
              .reason("Unschedulable")
              .message("0/1 nodes are available: 1 Insufficient cpu.")
              .build();
      client.updateStatus(Types.POD, pod.withStatus(pod.status().withConditions(List.of(refused))));
    }
    awaitCondition("web", "PodsUnschedulable");
    awaitEvent("Unschedulable");
    assertThat(
            client.get(Types.DEPLOYMENT, key("web")).status().conditions().stream()
                .filter(c -> c.typeOr("").equals("PodsUnschedulable"))
                .map(c -> c.messageOr("")))
        .singleElement()
        .asString()
        .contains("0/1 nodes are available: 1 Insufficient cpu.");
    assertQuiet();
  }

  @Test
  void aDaemonSetThatNoNodeFits() throws Exception {
    Taint taint = Taint.builder().key("example.com/mine").effect("NoSchedule").build();
    client.create(
        Types.NODE,
        Node.builder()
            .metadata(ObjectMeta.builder().name("n1").build())
            .spec(NodeSpec.builder().taints(List.of(taint)).build())
            .build());
    client.create(
        Types.DAEMON_SET,
        DaemonSet.builder()
            .metadata(Make.meta("agent"))
            .spec(
                DaemonSetSpec.builder()
                    .selector(Make.selector("agent"))
                    .template(Make.template("agent", "agent:1"))
                    .build())
            .build());
    awaitEvent("NoNodeFits");
    assertThat(client.get(Types.DAEMON_SET, key("agent")).status().conditions())
        .anyMatch(c -> c.typeOr("").equals("NoNodeFits"));
  }

  @Test
  void aCronJobThatIsNeverDue() throws Exception {
    PodTemplateSpec template = Make.template("tick", "tick:1");
    client.create(
        Types.CRON_JOB,
        CronJob.builder()
            .metadata(Make.meta("tick"))
            .spec(
                CronJobSpec.builder()
                    .schedule("0 0 30 2 *")
                    .jobTemplate(
                        JobTemplateSpec.builder()
                            .spec(
                                JobSpec.builder()
                                    .template(
                                        template.withSpec(
                                            template.spec().withRestartPolicy("Never")))
                                    .build())
                            .build())
                    .build())
            .build());
    awaitEvent("NoNextTime");
    assertQuiet();
  }

  @Test
  void aFinalizerThatNeverGoes() throws Exception {
    createNamespace("stuck");
    client.create(
        Types.CONFIG_MAP,
        ConfigMap.builder()
            .metadata(
                ObjectMeta.builder()
                    .namespace("stuck")
                    .name("held")
                    .finalizers(List.of("example.com/never"))
                    .build())
            .build());
    client.delete(Types.NAMESPACE, ObjectKey.cluster("stuck"), DeleteOptions.builder().build());
    await(
        "the namespace says what holds it",
        () ->
            client.get(Types.NAMESPACE, ObjectKey.cluster("stuck")).status().conditions().stream()
                .anyMatch(
                    c ->
                        c.typeOr("").equals("NamespaceFinalizersRemaining")
                            && c.messageOr("").contains("example.com/never")));
    awaitEvent("SomeFinalizersRemain");
    probe();
    String before =
        client.get(Types.NAMESPACE, ObjectKey.cluster("stuck")).metadata().resourceVersionOr("");
    probe();
    assertThat(client.get(Types.NAMESPACE, ObjectKey.cluster("stuck")).metadata().resourceVersion())
        .isEqualTo(before);
  }

  @Test
  void manyNamespacesDeletedAtOnce() throws Exception {
    int many = 200;
    for (int i = 0; i < many; i++) {
      createNamespace("n" + i);
    }
    await(
        "their accounts",
        () -> client.list(Types.SERVICE_ACCOUNT, ListQuery.ALL).items().size() >= many);
    long before = writes();
    for (int i = 0; i < many; i++) {
      client.delete(Types.NAMESPACE, ObjectKey.cluster("n" + i), DeleteOptions.builder().build());
    }
    await(
        "all are gone",
        () ->
            client.list(Types.NAMESPACE, ListQuery.ALL).items().stream()
                .noneMatch(n -> n.metadata().nameOr("").startsWith("n")));
    assertThat(writes() - before)
        .as("writes of the planned loops; the namespaces' own are a patch each")
        .isLessThan(3L * many);
  }

  private long writes() {
    return loops().stream()
        .map(ControlLoop::counters)
        .mapToLong(counters -> counters.changedCount())
        .sum();
  }
}
