package dev.kapell.controllers.disruption;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.controllers.workload.Owners;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many pods workloads want, by the scale of whoever manages them. Thread-safe. */
final class Wanted {
  private final Cache<Deployment> deployments;
  private final Cache<ReplicaSet> sets;
  private final Cache<StatefulSet> ordered;
  private final Cache<ReplicationController> controllers;

  Wanted(Caches caches) {
    this.deployments = caches.of(Types.DEPLOYMENT);
    this.sets = caches.of(Types.REPLICA_SET);
    this.ordered = caches.of(Types.STATEFUL_SET);
    this.controllers = caches.of(Types.REPLICATION_CONTROLLER);
  }

  /** The sum over the distinct workloads; a pod of no such workload counts as one. */
  int by(List<Pod> pods) {
    Map<String, Integer> byWorkload = new HashMap<>();
    for (Pod pod : pods) {
      Optional<OwnerReference> manager = Owners.controllerOf(pod);
      String namespace = pod.metadata().namespaceOr("");
      if (manager.isEmpty()) {
        byWorkload.put("pod/" + pod.metadata().nameOr(""), 1);
      } else {
        String name = manager.get().kindOr("") + "/" + manager.get().nameOr("");
        byWorkload.put(name, scale(manager.get(), namespace));
      }
    }
    return byWorkload.values().stream().mapToInt(i -> i).sum();
  }

  private int scale(OwnerReference manager, String namespace) {
    ObjectKey key = new ObjectKey(namespace, manager.nameOr(""));
    return switch (manager.kindOr("")) {
      case "ReplicaSet" -> sets.find(key).map(this::ofSet).orElse(0);
      case "StatefulSet" -> ordered.find(key).map(s -> s.spec().replicasOr(1)).orElse(0);
      case "ReplicationController" ->
          controllers.find(key).map(c -> c.spec().replicasOr(1)).orElse(0);
      default -> 1;
    };
  }

  /** A Deployment speaks for its ReplicaSets. */
  private int ofSet(ReplicaSet set) {
    return Owners.controllerOf(set)
        .filter(reference -> reference.kindOr("").equals("Deployment"))
        .flatMap(
            reference ->
                deployments.find(
                    new ObjectKey(set.metadata().namespaceOr(""), reference.nameOr(""))))
        .map(deployment -> deployment.spec().replicasOr(1))
        .orElse(set.spec().replicasOr(1));
  }
}
