package dev.kapell.controllers.disruption;

import dev.kapell.api.GroupVersion;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.autoscaling.v1.Scale;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Reader;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.kinds.Kinds;
import dev.kapell.controllers.workload.Owners;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How many pods workloads want, by the scale of whoever manages them. Thread-safe. */
final class Wanted {
  private final Reader reader;
  private final Kinds kinds;
  private final Cache<Deployment> deployments;
  private final Cache<ReplicaSet> sets;
  private final Cache<StatefulSet> ordered;
  private final Cache<ReplicationController> controllers;

  Wanted(LoopContext context, Kinds kinds) {
    this.reader = context.client();
    this.kinds = kinds;
    this.deployments = context.caches().of(Types.DEPLOYMENT);
    this.sets = context.caches().of(Types.REPLICA_SET);
    this.ordered = context.caches().of(Types.STATEFUL_SET);
    this.controllers = context.caches().of(Types.REPLICATION_CONTROLLER);
  }

  /**
   * What was found out.
   *
   * @param pods the sum over the distinct workloads
   * @param unmanaged some pod belongs to nobody, and does not count
   * @param trouble why the sum is not known; empty when it is
   */
  record Count(int pods, boolean unmanaged, String trouble) {}

  /** For the workloads of these pods. */
  Count by(List<Pod> pods) {
    Map<String, Integer> byWorkload = new HashMap<>();
    boolean unmanaged = false;
    for (Pod pod : pods) {
      Optional<OwnerReference> manager = Owners.controllerOf(pod);
      if (manager.isEmpty()) {
        unmanaged = true;
        continue;
      }
      String workload = manager.get().uidOr("");
      if (!byWorkload.containsKey(workload)) {
        try {
          OptionalInt scale = scale(manager.get(), pod.metadata().namespaceOr(""));
          if (scale.isEmpty()) {
            String name = pod.metadata().nameOr("");
            return new Count(0, unmanaged, "found no controllers for pod \"" + name + "\"");
          }
          byWorkload.put(workload, scale.getAsInt());
        } catch (Unscalable e) {
          return new Count(0, unmanaged, String.valueOf(e.getMessage()));
        }
      }
    }
    return new Count(byWorkload.values().stream().mapToInt(i -> i).sum(), unmanaged, "");
  }

  /** A workload has no number of pods; the message says which. */
  private static final class Unscalable extends Exception {
    private static final long serialVersionUID = 1L;

    Unscalable(String message) {
      super(message, null, false, false);
    }
  }

  private OptionalInt scale(OwnerReference manager, String namespace) throws Unscalable {
    ObjectKey key = new ObjectKey(namespace, manager.nameOr(""));
    String group = GroupVersion.of(manager.apiVersionOr("v1")).group();
    return switch (group + "/" + manager.kindOr("")) {
      case "apps/ReplicaSet" -> of(sets.find(key).map(this::ofSet));
      case "apps/StatefulSet" -> of(ordered.find(key).map(s -> s.spec().replicasOr(1)));
      case "/ReplicationController" -> of(controllers.find(key).map(c -> c.spec().replicasOr(1)));
      default -> other(manager, key);
    };
  }

  private static OptionalInt of(Optional<Integer> replicas) {
    return replicas.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** Custom resources may have a scale; the kinds of this server that are not above have none. */
  private OptionalInt other(OwnerReference manager, ObjectKey key) throws Unscalable {
    Optional<ResourceType<?>> type = kinds.find(manager.apiVersionOr("v1"), manager.kindOr(""));
    if (type.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      Scale scale = reader.getSubresource(type.get(), key, "scale", Scale.CODEC);
      return OptionalInt.of(scale.spec().replicasOr(0));
    } catch (ApiFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
      if (reader.find(type.get(), key).isEmpty()) {
        return OptionalInt.empty();
      }
      throw new Unscalable(
          type.get().qualifiedName() + " does not implement the scale subresource");
    }
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
