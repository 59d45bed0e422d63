package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.controllers.autoscaling.MetricsApi;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of single controllers stand on: all controllers on a real API server over a store in
 * memory. The test plays the nodes.
 */
abstract class ClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Store store;
  private ApiCore core;
  protected Client client;
  private Caches caches;
  private Controllers controllers;
  private final AtomicReference<String> authority = new AtomicReference<>("the authority");

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
            new ControllerOptions(
                client, caches, Clock.system(), "test", authority::get, List::of, metrics()));
    assertThat(caches.awaitSynced(LIMIT)).isTrue();
  }

  /** What autoscalers go by. */
  protected MetricsApi metrics() {
    return MetricsApi.NONE;
  }

  @AfterEach
  void stop() {
    controllers.close();
    caches.close();
    core.close();
    store.close();
  }

  /** The loops of all controllers. */
  protected List<ControlLoop<?>> loops() {
    return controllers.loops();
  }

  /** The cluster's authority is signed anew. */
  protected void renewAuthority(String pem) {
    authority.set(pem);
    controllers.authorityChanged();
  }

  protected void createNamespace(String name) {
    try {
      client.create(
          Types.NAMESPACE,
          Namespace.builder().metadata(ObjectMeta.builder().name(name).build()).build());
    } catch (ApiFailure e) {
      assertThat(e.isAlreadyExists()).as(e.getMessage()).isTrue();
    }
  }

  protected Deployment web(int replicas) {
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
  protected static PodTemplateSpec bound(PodTemplateSpec template) {
    return template.withSpec(template.spec().withNodeName("n1"));
  }

  protected void awaitReady(String image, int count) throws Exception {
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

  protected void finishDeletions() {
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

  protected <T extends ApiObject> List<T> list(ResourceType<T> type) {
    return client.list(type, ListQuery.in("default")).items();
  }

  protected static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  /** Looks again after each further revision of the store, at the latest after 50 ms. */
  protected void await(String what, BooleanSupplier holds) throws InterruptedException {
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
