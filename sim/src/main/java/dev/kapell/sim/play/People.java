package dev.kapell.sim.play;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.policy.v1.Eviction;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** People who ask the API for what they want, and ask again while it does not answer. */
final class People {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int TRIES = 60;

  private final Client client;
  private final Clock clock;

  People(Client client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void want(Act.Wish wish) throws InterruptedException {
    switch (wish) {
      case Act.CreateDeployment w -> create(Types.DEPLOYMENT, Objects.deployment(w));
      case Act.ScaleDeployment(String name, int replicas) ->
          deployment(name, d -> d.withSpec(d.spec().withReplicas(replicas)));
      case Act.SetImage(String name, String image) ->
          deployment(
              name, d -> d.withSpec(d.spec().withTemplate(image(d.spec().template(), image))));
      case Act.Pause(String name, boolean paused) ->
          deployment(name, d -> d.withSpec(d.spec().withPaused(paused)));
      case Act.DeleteDeployment(String name, boolean foreground) -> delete(name, foreground);
      case Act.CreateJob w -> create(Types.JOB, Objects.job(w));
      case Act.CreateStatefulSet w -> create(Types.STATEFUL_SET, Objects.statefulSet(w));
      case Act.ScaleStatefulSet(String name, int replicas) ->
          change(
              Types.STATEFUL_SET,
              new ObjectKey(Objects.NAMESPACE, name),
              s -> s.withSpec(s.spec().withReplicas(replicas)));
      case Act.CreateDaemonSet w -> create(Types.DAEMON_SET, Objects.daemonSet(w));
      case Act.CreateService w -> create(Types.SERVICE, Objects.service(w));
      case Act.CreateBudget w -> create(Types.POD_DISRUPTION_BUDGET, Objects.budget(w));
      case Act.Create(Manifest object) -> insist(() -> object.create(client));
      case Act.Delete(Manifest object) -> insist(() -> object.delete(client));
      case Act.Suspend(String cronJob) ->
          change(
              Types.CRON_JOB,
              new ObjectKey(Objects.NAMESPACE, cronJob),
              c -> c.withSpec(c.spec().withSuspend(true)));
      case Act.Drain(String node, Duration until) -> drain(node, until);
    }
  }

  private interface Ask {
    void now();
  }

  /** Asks until there is an answer that does not mean "later". */
  private void insist(Ask ask) throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try {
        ask.now();
        return;
      } catch (ApiFailure e) {
        if (e.isNotFound() || e.isAlreadyExists()) {
          return;
        }
        if (e.code() == 400 || e.code() == 422) {
          throw e; // it will not become right by asking again
        }
        clock.sleep(e.isConflict() ? Duration.ofMillis(50) : PATIENCE);
      }
    }
  }

  private <T extends ApiObject> void create(ResourceType<T> type, T object)
      throws InterruptedException {
    insist(() -> client.create(type, object));
  }

  private void deployment(String name, UnaryOperator<Deployment> change)
      throws InterruptedException {
    change(Types.DEPLOYMENT, new ObjectKey(Objects.NAMESPACE, name), change);
  }

  private <T extends ApiObject> void change(
      ResourceType<T> type, ObjectKey key, UnaryOperator<T> change) throws InterruptedException {
    insist(() -> client.update(type, change.apply(client.get(type, key))));
  }

  private static PodTemplateSpec image(PodTemplateSpec template, String image) {
    List<Container> containers =
        template.spec().containers().stream().map(c -> c.withImage(image)).toList();
    return template.withSpec(template.spec().withContainers(containers));
  }

  private void delete(String name, boolean foreground) throws InterruptedException {
    DeleteOptions options =
        DeleteOptions.builder().propagationPolicy(foreground ? "Foreground" : "Background").build();
    insist(() -> client.delete(Types.DEPLOYMENT, new ObjectKey(Objects.NAMESPACE, name), options));
  }

  private void drain(String node, Duration until) throws InterruptedException {
    long deadline = clock.nanoTime() + until.toNanos();
    cordon(node, true);
    while (clock.nanoTime() < deadline) {
      for (Pod pod : podsOn(node)) {
        try {
          evict(pod);
        } catch (ApiFailure e) {
          // 429 while the budget has nothing to give; the rest of the pods may still go
          clock.sleep(Duration.ofMillis(10));
        }
      }
      clock.sleep(PATIENCE);
    }
    cordon(node, false);
  }

  private void cordon(String node, boolean closed) throws InterruptedException {
    change(
        Types.NODE, ObjectKey.cluster(node), n -> n.withSpec(n.spec().withUnschedulable(closed)));
  }

  private List<Pod> podsOn(String node) {
    try {
      return client.list(Types.POD, ListQuery.ALL.fields("spec.nodeName=" + node)).items().stream()
          .filter(pod -> pod.metadata().deletionTimestamp() == null)
          .filter(
              pod ->
                  pod.metadata().ownerReferences().stream()
                      .noneMatch(o -> o.kindOr("").equals("DaemonSet")))
          .toList();
    } catch (ApiFailure e) {
      return List.of();
    }
  }

  private void evict(Pod pod) {
    ObjectKey key = ObjectKey.of(pod);
    Eviction eviction =
        Eviction.EMPTY.withMetadata(
            ObjectMeta.builder().namespace(key.namespace()).name(key.name()).build());
    client.createSubresource(Types.POD, key, "eviction", eviction, Eviction.CODEC);
  }
}
