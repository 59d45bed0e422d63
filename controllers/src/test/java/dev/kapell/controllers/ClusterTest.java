package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ApiObject;
import dev.kapell.api.IntOrString;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetSpec;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ResourceQuota;
import dev.kapell.api.core.v1.ResourceQuotaSpec;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.policy.v1.PodDisruptionBudgetSpec;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The controllers on a real API server over a store in memory. The test plays the nodes. */
class ClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Store store;
  private ApiCore core;
  private Client client;
  private Caches caches;
  private Controllers controllers;

  @BeforeEach
  void start() throws InterruptedException {
    store = MemoryStore.open(StoreOptions.defaults());
    core =
        ApiCore.open(
            new ApiCore.Needs(
                store,
                Clock.system(),
                Randomness.seeded(1),
                order -> {
                  throw new IllegalStateException("no tokens in this test");
                }));
    client = core.client(User.SYSTEM, "test");
    for (String name : List.of("default", "kube-system", "kube-node-lease")) {
      createNamespace(name);
    }
    caches = new Caches(client, Clock.system());
    controllers =
        Controllers.start(
            ControllerOptions.of(client, caches, Clock.system(), "test", "the authority"));
    assertThat(caches.awaitSynced(LIMIT)).isTrue();
  }

  @AfterEach
  void stop() {
    controllers.close();
    caches.close();
    core.close();
    store.close();
  }

  private void createNamespace(String name) {
    try {
      client.create(
          Types.NAMESPACE,
          Namespace.builder().metadata(ObjectMeta.builder().name(name).build()).build());
    } catch (ApiFailure e) {
      assertThat(e.isAlreadyExists()).as(e.getMessage()).isTrue();
    }
  }

  @Test
  void aNamespaceGetsItsAccountAndTheAuthority() throws Exception {
    await(
        "the default account",
        () -> client.find(Types.SERVICE_ACCOUNT, key("default")).isPresent());
    await(
        "the authority", () -> client.find(Types.CONFIG_MAP, key("kube-root-ca.crt")).isPresent());
  }

  @Test
  void aDeploymentIsRolledOutUndoneScaledAndDeleted() throws Exception {
    client.create(Types.DEPLOYMENT, web(3));
    awaitReady("web:1", 3);
    await("progress", () -> reason("Progressing").equals("NewReplicaSetAvailable"));
    assertThat(reason("Available")).isEqualTo("MinimumReplicasAvailable");
    edit(d -> d.withSpec(d.spec().withTemplate(bound(Make.template("web", "web:2")))));
    awaitReady("web:2", 3);
    edit(
        d ->
            d.withSpec(
                d.spec().withTemplate(bound(Make.template("web", "web:1"))).withReplicas(5)));
    awaitReady("web:1", 5);
    assertThat(list(Types.REPLICA_SET)).hasSize(2);
    await(
        "revision 3",
        () ->
            "3"
                .equals(
                    deployment()
                        .metadata()
                        .annotations()
                        .get("deployment.kubernetes.io/revision")));
    client.delete(Types.DEPLOYMENT, key("web"), DeleteOptions.builder().build());
    await(
        "everything is gone",
        () -> {
          finishDeletions();
          return list(Types.POD).isEmpty() && list(Types.REPLICA_SET).isEmpty();
        });
  }

  @Test
  void aDeploymentDeletedInTheForegroundGoesLastAndOrphansStay() throws Exception {
    client.create(Types.DEPLOYMENT, web(2));
    awaitReady("web:1", 2);
    client.delete(
        Types.DEPLOYMENT, key("web"), DeleteOptions.builder().propagationPolicy("Orphan").build());
    await("the deployment is gone", () -> list(Types.DEPLOYMENT).isEmpty());
    ReplicaSet orphan = list(Types.REPLICA_SET).getFirst();
    assertThat(orphan.metadata().ownerReferences()).isEmpty();
    client.create(Types.DEPLOYMENT, web(2));
    await(
        "adoption",
        () -> !list(Types.REPLICA_SET).getFirst().metadata().ownerReferences().isEmpty());
    assertThat(list(Types.REPLICA_SET)).hasSize(1);
    client.delete(
        Types.DEPLOYMENT,
        key("web"),
        DeleteOptions.builder().propagationPolicy("Foreground").build());
    await("pods go first", () -> list(Types.POD).stream().allMatch(Pods::isTerminating));
    assertThat(list(Types.DEPLOYMENT)).hasSize(1);
    await(
        "everything is gone",
        () -> {
          finishDeletions();
          return list(Types.POD).isEmpty() && list(Types.DEPLOYMENT).isEmpty();
        });
  }

  @Test
  void aServiceHasSlicesAndEndpointsOfItsReadyPods() throws Exception {
    client.create(
        Types.SERVICE,
        Service.builder()
            .metadata(Make.meta("web"))
            .spec(
                ServiceSpec.builder()
                    .selector(Map.of("app", "web"))
                    .ports(List.of(ServicePort.builder().port(80).build()))
                    .build())
            .build());
    client.create(Types.DEPLOYMENT, web(3));
    awaitReady("web:1", 3);
    await(
        "three ready addresses in slices",
        () ->
            list(Types.ENDPOINT_SLICE).stream()
                    .map(EndpointSlice::endpoints)
                    .flatMap(List::stream)
                    .filter(e -> e.conditions() != null && e.conditions().readyOr(false))
                    .count()
                == 3);
    await(
        "three addresses in the Endpoints",
        () ->
            list(Types.ENDPOINTS).stream()
                    .map(Endpoints::subsets)
                    .flatMap(List::stream)
                    .mapToLong(s -> s.addresses().size())
                    .sum()
                == 3);
  }

  @Test
  void aStatefulSetComesUpInOrderAndIsUpdatedFromTheTop() throws Exception {
    StatefulSet set =
        StatefulSet.builder()
            .metadata(Make.meta("db"))
            .spec(
                StatefulSetSpec.builder()
                    .replicas(3)
                    .serviceName("db")
                    .selector(Make.selector("db"))
                    .template(bound(Make.template("db", "db:1")))
                    .build())
            .build();
    client.create(Types.STATEFUL_SET, set);
    await("the first pod", () -> list(Types.POD).size() == 1);
    assertThat(list(Types.POD).getFirst().metadata().name()).isEqualTo("db-0");
    awaitReady("db:1", 3);
    await(
        "the edit",
        () -> {
          try {
            StatefulSet now = client.get(Types.STATEFUL_SET, key("db"));
            client.update(
                Types.STATEFUL_SET,
                now.withSpec(now.spec().withTemplate(bound(Make.template("db", "db:2")))));
            return true;
          } catch (ApiFailure e) {
            return false;
          }
        });
    awaitReady("db:2", 3);
    await(
        "the revisions agree",
        () -> {
          var status = client.get(Types.STATEFUL_SET, key("db")).status();
          return status.updatedReplicasOr(0) == 3
              && status.currentRevisionOr("a").equals(status.updateRevisionOr("b"));
        });
    assertThat(list(Types.CONTROLLER_REVISION)).hasSize(2);
  }

  @Test
  void aDaemonSetHasAPodOnEachNodeThatFits() throws Exception {
    for (String name : List.of("n1", "n2", "n3")) {
      Node node =
          client.create(
              Types.NODE,
              Node.builder()
                  .metadata(
                      ObjectMeta.builder()
                          .name(name)
                          .labels(Map.of("disk", name.equals("n3") ? "slow" : "fast"))
                          .build())
                  .build());
      tellReady(node);
    }
    PodTemplateSpec template = Make.template("agent", "agent:1");
    client.create(
        Types.DAEMON_SET,
        DaemonSet.builder()
            .metadata(Make.meta("agent"))
            .spec(
                DaemonSetSpec.builder()
                    .selector(Make.selector("agent"))
                    .template(
                        template.withSpec(template.spec().withNodeSelector(Map.of("disk", "fast"))))
                    .build())
            .build());
    awaitReady("agent:1", 2);
    await(
        "the status",
        () -> {
          var status = client.get(Types.DAEMON_SET, key("agent")).status();
          return status.desiredNumberScheduledOr(0) == 2 && status.numberReadyOr(0) == 2;
        });
  }

  private void tellReady(Node node) throws InterruptedException {
    NodeCondition ready = NodeCondition.builder().type("Ready").status("True").build();
    await(
        "the node's status",
        () -> {
          try {
            Node now = client.get(Types.NODE, ObjectKey.of(node));
            client.updateStatus(
                Types.NODE, now.withStatus(now.status().withConditions(List.of(ready))));
            return true;
          } catch (ApiFailure e) {
            return false;
          }
        });
  }

  @Test
  void aJobCountsEachEndOnceAndIsComplete() throws Exception {
    PodTemplateSpec template = bound(Make.template("sum", "sum:1"));
    client.create(
        Types.JOB,
        Job.builder()
            .metadata(Make.meta("sum"))
            .spec(
                JobSpec.builder()
                    .completions(5)
                    .parallelism(2)
                    .completionMode("Indexed")
                    .template(template.withSpec(template.spec().withRestartPolicy("Never")))
                    .build())
            .build());
    await(
        "complete",
        () -> {
          list(Types.POD).stream().filter(Pods::isActive).forEach(this::succeed);
          return client.get(Types.JOB, key("sum")).status().conditions().stream()
              .anyMatch(c -> c.typeOr("").equals("Complete"));
        });
    var status = client.get(Types.JOB, key("sum")).status();
    assertThat(status.succeeded()).isEqualTo(5);
    assertThat(status.completedIndexes()).isEqualTo("0-4");
    assertThat(list(Types.POD)).hasSize(5);
    await(
        "no pod is held any more",
        () -> list(Types.POD).stream().allMatch(p -> p.metadata().finalizers().isEmpty()));
  }

  @Test
  void aJobThatIsDeletedHoldsNoPodBack() throws Exception {
    PodTemplateSpec template = bound(Make.template("long", "long:1"));
    client.create(
        Types.JOB,
        Job.builder()
            .metadata(Make.meta("long"))
            .spec(
                JobSpec.builder()
                    .parallelism(2)
                    .completions(2)
                    .template(template.withSpec(template.spec().withRestartPolicy("Never")))
                    .build())
            .build());
    await("two pods", () -> list(Types.POD).size() == 2);
    client.delete(
        Types.JOB, key("long"), DeleteOptions.builder().propagationPolicy("Background").build());
    await(
        "no pod is left",
        () -> {
          finishDeletions();
          return list(Types.POD).isEmpty();
        });
  }

  private void succeed(Pod pod) {
    try {
      client.updateStatus(Types.POD, pod.withStatus(pod.status().withPhase("Succeeded")));
    } catch (ApiFailure e) {
      assertThat(e.isConflict() || e.isNotFound()).as(e.getMessage()).isTrue();
    }
  }

  @Test
  void whatControllersMakeCountsForAQuotaAndABudget() throws Exception {
    client.create(
        Types.RESOURCE_QUOTA,
        ResourceQuota.builder()
            .metadata(Make.meta("quota"))
            .spec(
                ResourceQuotaSpec.builder()
                    .hard(Map.of("pods", Quantity.of(10), "count/replicasets.apps", Quantity.of(9)))
                    .build())
            .build());
    client.create(
        Types.POD_DISRUPTION_BUDGET,
        PodDisruptionBudget.builder()
            .metadata(Make.meta("budget"))
            .spec(
                PodDisruptionBudgetSpec.builder()
                    .selector(Make.selector("web"))
                    .maxUnavailable(IntOrString.of(1))
                    .build())
            .build());
    client.create(Types.DEPLOYMENT, web(3));
    awaitReady("web:1", 3);
    await(
        "usage",
        () -> {
          var used = client.get(Types.RESOURCE_QUOTA, key("quota")).status().used();
          return Objects.equals(used.get("pods"), Quantity.of(3))
              && Objects.equals(used.get("count/replicasets.apps"), Quantity.of(1));
        });
    await(
        "one may go",
        () ->
            client.get(Types.POD_DISRUPTION_BUDGET, key("budget")).status().disruptionsAllowedOr(0)
                == 1);
  }

  @Test
  void aNamespaceIsEmptiedBeforeItGoes() throws Exception {
    createNamespace("shop");
    await(
        "its account",
        () -> client.find(Types.SERVICE_ACCOUNT, new ObjectKey("shop", "default")).isPresent());
    client.delete(Types.NAMESPACE, ObjectKey.cluster("shop"), DeleteOptions.builder().build());
    await(
        "the namespace is gone",
        () -> client.find(Types.NAMESPACE, ObjectKey.cluster("shop")).isEmpty());
    assertThat(client.list(Types.SERVICE_ACCOUNT, ListQuery.in("shop")).items()).isEmpty();
  }

  private Deployment web(int replicas) {
    return Deployment.builder()
        .metadata(Make.meta("web"))
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(Make.selector("web"))
                .template(bound(Make.template("web", "web:1")))
                .build())
        .build();
  }

  /** A pod without a node would go without grace. */
  private static PodTemplateSpec bound(PodTemplateSpec template) {
    return template.withSpec(template.spec().withNodeName("n1"));
  }

  private Deployment deployment() {
    return client.get(Types.DEPLOYMENT, key("web"));
  }

  private String reason(String type) {
    return deployment().status().conditions().stream()
        .filter(c -> c.typeOr("").equals(type))
        .map(c -> c.reasonOr(""))
        .findFirst()
        .orElse("");
  }

  private void edit(UnaryOperator<Deployment> edit) throws Exception {
    await(
        "the edit",
        () -> {
          try {
            client.update(Types.DEPLOYMENT, edit.apply(deployment()));
            return true;
          } catch (ApiFailure e) {
            return false;
          }
        });
  }

  private void awaitReady(String image, int count) throws Exception {
    await(
        count + " ready pods of " + image,
        () -> {
          playNodes();
          List<Pod> pods = list(Types.POD);
          return pods.size() == count
              && pods.stream()
                  .allMatch(
                      p ->
                          Pods.isReady(p)
                              && image.equals(p.spec().containers().getFirst().image()));
        });
  }

  private void playNodes() {
    finishDeletions();
    int octet = 1;
    for (Pod pod : list(Types.POD)) {
      octet++;
      if (!Pods.isReady(pod)) {
        Pod ready = Make.ready(pod, Clock.system().now());
        try {
          client.updateStatus(
              Types.POD, ready.withStatus(ready.status().withPodIP("10.42.0." + octet)));
        } catch (ApiFailure e) {
          assertThat(e.isConflict() || e.isNotFound()).as(e.getMessage()).isTrue();
        }
      }
    }
  }

  private void finishDeletions() {
    for (Pod pod : list(Types.POD)) {
      if (Pods.isTerminating(pod)) {
        try {
          client.delete(
              Types.POD, ObjectKey.of(pod), DeleteOptions.builder().gracePeriodSeconds(0L).build());
        } catch (ApiFailure e) {
          assertThat(e.isNotFound()).as(e.getMessage()).isTrue();
        }
      }
    }
  }

  private <T extends ApiObject> List<T> list(ResourceType<T> type) {
    return client.list(type, ListQuery.in("default")).items();
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  /** Looks again after each further revision of the store, at the latest after 50 ms. */
  private void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = Clock.system().nanoTime() + LIMIT.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds.getAsBoolean()) {
      assertThat(Clock.system().nanoTime())
          .as("%s within %s; pods %s", what, LIMIT, list(Types.POD).size())
          .isLessThan(deadline);
      assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
