package dev.kapell.controllers.deployment;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Rivals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rolls Deployments out. */
public final class DeploymentController implements Planner<ObjectKey, Rollout.Seen> {
  private final Cache<Deployment> deployments;
  private final Cache<ReplicaSet> sets;
  private final Index<ReplicaSet, String> setsByManager;
  private final Index<ReplicaSet, String> unmanagedSets;
  private final Cache<Pod> pods;
  private final Index<Pod, String> podsByManager;
  private final Rivals rivals;

  private static final Index.Keys<ReplicaSet, String> UNMANAGED_BY_NAMESPACE =
      set ->
          Owners.controllerOf(set).isEmpty() ? List.of(set.metadata().namespaceOr("")) : List.of();

  private DeploymentController(LoopContext context) {
    this.deployments = context.caches().of(Types.DEPLOYMENT);
    this.sets = context.caches().of(Types.REPLICA_SET);
    this.setsByManager = sets.index(Indexes.BY_CONTROLLER_UID);
    this.unmanagedSets = sets.index(UNMANAGED_BY_NAMESPACE);
    this.pods = context.caches().of(Types.POD);
    this.podsByManager = pods.index(Indexes.BY_CONTROLLER_UID);
    this.rivals = new Rivals(context.caches());
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    DeploymentController controller = new DeploymentController(context);
    ControlLoop<ObjectKey> loop = context.planned("deployment", controller);
    controller.feed(loop);
    return loop.start(workers);
  }

  private void feed(ControlLoop<ObjectKey> loop) {
    deployments.onChange((before, after) -> add(loop, after == null ? before : after));
    sets.onChange(
        (before, after) -> {
          addManager(loop, before);
          addManager(loop, after);
        });
    pods.onChange(
        (before, after) -> {
          if (after == null && before != null) {
            addIfRecreate(loop, before);
          }
        });
  }

  private static void add(ControlLoop<ObjectKey> loop, @Nullable Deployment deployment) {
    if (deployment != null) {
      loop.add(ObjectKey.of(deployment));
    }
  }

  private void addManager(ControlLoop<ObjectKey> loop, @Nullable ReplicaSet set) {
    if (set == null) {
      return;
    }
    String namespace = set.metadata().namespaceOr("");
    Optional<OwnerReference> manager = Owners.controllerOf(set);
    if (manager.isPresent()) {
      if (manager.get().kindOr("").equals("Deployment")) {
        loop.add(new ObjectKey(namespace, manager.get().nameOr("")));
      }
      return;
    }
    for (Deployment deployment : deployments.in(namespace)) {
      if (selects(deployment, set)) {
        add(loop, deployment);
      }
    }
  }

  /** Only a Recreate waits for pods to be really gone. */
  private void addIfRecreate(ControlLoop<ObjectKey> loop, Pod gone) {
    String namespace = gone.metadata().namespaceOr("");
    Owners.controllerOf(gone)
        .flatMap(reference -> sets.find(new ObjectKey(namespace, reference.nameOr(""))))
        .flatMap(Owners::controllerOf)
        .flatMap(reference -> deployments.find(new ObjectKey(namespace, reference.nameOr(""))))
        .filter(deployment -> !Limits.isRolling(deployment))
        .ifPresent(deployment -> add(loop, deployment));
  }

  private static boolean selects(Deployment deployment, ReplicaSet set) {
    return Selectors.matches(deployment.spec().selector(), set.metadata().labels());
  }

  @Override
  public Optional<Rollout.Seen> observe(ObjectKey key) {
    return deployments.find(key).map(this::seen);
  }

  private Rollout.Seen seen(Deployment deployment) {
    String namespace = deployment.metadata().namespaceOr("");
    List<ReplicaSet> candidates =
        new ArrayList<>(setsByManager.get(deployment.metadata().uidOr("?")));
    for (ReplicaSet set : unmanagedSets.get(namespace)) {
      if (selects(deployment, set)) {
        candidates.add(set);
      }
    }
    List<Pod> theirs = new ArrayList<>();
    if (!Limits.isRolling(deployment)) {
      candidates.forEach(set -> theirs.addAll(podsByManager.get(set.metadata().uidOr("?"))));
    }
    Optional<ReplicaSet> namesake =
        sets.find(new ObjectKey(namespace, Rollout.currentName(deployment)));
    Optional<Notice> overlap = rivals.of(deployment, deployment.spec().selector());
    return new Rollout.Seen(deployment, candidates, theirs, namesake, overlap);
  }

  @Override
  public Plan decide(Rollout.Seen seen, Instant now) {
    return Rollout.decide(seen, now);
  }

  @Override
  public Plan refused(Rollout.Seen seen, Change change, ApiFailure why, Instant now) {
    return Rollout.refused(seen, change, why, now);
  }
}
