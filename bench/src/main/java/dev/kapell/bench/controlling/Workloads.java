package dev.kapell.bench.controlling;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.DeploymentStatus;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.bench.Writers;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Deployments in a namespace of their own, and how long they take. */
final class Workloads implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.bench");
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final Client client;
  private final Cache<Deployment> deployments;
  private final Cache<Node> nodes;
  private final Cache<Namespace> namespaces;
  private final String namespace;
  private final Clock clock = Clock.system();
  private final TaskScope scope =
      new TaskScope(
          "bench",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "task=" + task + " failed", cause));

  Workloads(Client client, Caches caches, String namespace) throws InterruptedException {
    this.client = client;
    this.namespace = namespace;
    this.deployments = caches.of(Types.DEPLOYMENT);
    this.nodes = caches.of(Types.NODE);
    this.namespaces = caches.of(Types.NAMESPACE);
    client.create(
        Types.NAMESPACE,
        Namespace.builder().metadata(ObjectMeta.builder().name(namespace).build()).build());
    Cache<ServiceAccount> accounts = caches.of(Types.SERVICE_ACCOUNT);
    ObjectKey account = new ObjectKey(namespace, "default");
    await(accounts, a -> ObjectKey.of(a).equals(account), 1);
  }

  void awaitNodes(int count) throws InterruptedException {
    await(nodes, Workloads::isReady, count);
  }

  private static boolean isReady(Node node) {
    return node.spec().taints().isEmpty()
        && node.status().conditions().stream()
            .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
  }

  void create(int count, int replicas) throws InterruptedException {
    Writers.inParallel(
        scope, count, i -> client.create(Types.DEPLOYMENT, deployment("load-" + i, replicas)));
  }

  /** Seconds until {@code replicas} pods of one Deployment are ready that had none. */
  double scale(int replicas) throws InterruptedException {
    create(1, 0);
    awaitDone(1, 0);
    long started = clock.nanoTime();
    client.patch(
        Types.DEPLOYMENT,
        new ObjectKey(namespace, "load-0"),
        Patch.merge("{\"spec\":{\"replicas\":" + replicas + "}}"));
    awaitDone(1, replicas);
    return seconds(started);
  }

  /** Seconds until all of {@code count} Deployments run another image. */
  double rollOut(int count, int replicas) throws InterruptedException {
    create(count, replicas);
    awaitDone(count, replicas);
    long started = clock.nanoTime();
    Writers.inParallel(
        scope,
        count,
        i ->
            client.patch(
                Types.DEPLOYMENT,
                new ObjectKey(namespace, "load-" + i),
                Patch.strategic(
                    "{\"spec\":{\"template\":{\"spec\":{\"containers\":"
                        + "[{\"name\":\"main\",\"image\":\"web:2\"}]}}}}")));
    await(deployments, d -> isDone(d, replicas) && d.metadata().generationOr(0L) == 2, count);
    return seconds(started);
  }

  private double seconds(long started) {
    return (clock.nanoTime() - started) / 1e9;
  }

  void awaitDone(int count, int replicas) throws InterruptedException {
    await(deployments, d -> isDone(d, replicas), count);
  }

  private boolean isDone(Deployment deployment, int replicas) {
    DeploymentStatus status = deployment.status();
    return deployment.metadata().namespaceOr("").equals(namespace)
        && deployment.spec().replicasOr(1) == replicas
        && Objects.equals(status.observedGeneration(), deployment.metadata().generation())
        && status.replicasOr(0) == replicas
        && status.updatedReplicasOr(0) == replicas
        && status.readyReplicasOr(0) == replicas
        && status.availableReplicasOr(0) == replicas;
  }

  /** Waits until {@code count} objects are as {@code wanted}, by watching. */
  private static <T extends ApiObject> void await(Cache<T> cache, Predicate<T> wanted, int count)
      throws InterruptedException {
    Set<ObjectKey> there = ConcurrentHashMap.newKeySet();
    CountDownLatch reached = new CountDownLatch(1);
    try (Cache.Registration _ =
        cache.onChange(
            (before, after) -> {
              if (after != null && wanted.test(after)) {
                there.add(ObjectKey.of(after));
              } else {
                there.remove(ObjectKey.of(Objects.requireNonNull(after == null ? before : after)));
              }
              if (there.size() >= count) {
                reached.countDown();
              }
            })) {
      if (!reached.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            there.size() + " of " + count + " after " + LIMIT + ": " + cache.type());
      }
    }
  }

  private Deployment deployment(String name, int replicas) {
    Map<String, String> labels = Map.of("app", name);
    Container container =
        Container.builder()
            .name("main")
            .image("web:1")
            .resources(
                ResourceRequirements.builder()
                    .requests(
                        Map.of("cpu", Quantity.ofMilli(100), "memory", Quantity.parse("64Mi")))
                    .build())
            .build();
    return Deployment.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(LabelSelector.builder().matchLabels(labels).build())
                .template(
                    PodTemplateSpec.builder()
                        .metadata(ObjectMeta.builder().labels(labels).build())
                        .spec(
                            PodSpec.builder()
                                .terminationGracePeriodSeconds(0L)
                                .containers(List.of(container))
                                .build())
                        .build())
                .build())
        .build();
  }

  /** Deletes everything, and waits until it is gone, so that nobody else's figures pay for it. */
  @Override
  public void close() {
    scope.close();
    CountDownLatch gone = new CountDownLatch(1);
    try (Cache.Registration _ =
        namespaces.onChange(
            (before, after) -> {
              if (before != null
                  && after == null
                  && before.metadata().nameOr("").equals(namespace)) {
                gone.countDown();
              }
            })) {
      client.delete(Types.NAMESPACE, ObjectKey.cluster(namespace), DeleteOptions.EMPTY);
      if (!gone.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(namespace + " is still there after " + LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
