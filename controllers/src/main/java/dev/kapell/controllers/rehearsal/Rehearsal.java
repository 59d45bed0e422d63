package dev.kapell.controllers.rehearsal;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.daemonset.DaemonSetRehearsal;
import dev.kapell.controllers.deployment.DeploymentRehearsal;
import dev.kapell.controllers.job.JobRehearsal;
import dev.kapell.controllers.replicaset.ReplicaRehearsal;
import dev.kapell.controllers.statefulset.StatefulSetRehearsal;
import dev.kapell.controllers.workload.Around;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Workloads and what their controllers make of them. Time stands still; a pod that has a node is
 * taken to run and to be ready at once.
 *
 * <pre>
 *   put(workload)* ─▶ round() ─▶ pods created, pods deleted ─▶ whoever places pods: started(pod)
 *                        ▲                                         │
 *                        └──────────── until nothing happens ◀─────┘
 * </pre>
 */
public final class Rehearsal {
  /** What one round of all controllers came to. */
  public record Round(List<Pod> created, List<Pod> deleted, boolean changed) {
    /** Copies. */
    public Round {
      created = List.copyOf(created);
      deleted = List.copyOf(deleted);
    }
  }

  private record Named(String kind, ObjectKey key) {
    static Named of(ApiObject object) {
      return new Named(object.kind(), ObjectKey.of(object));
    }
  }

  private final Instant now;
  private final List<Node> nodes;
  private final UnaryOperator<Pod> admission;
  private final Map<String, Map<ObjectKey, ApiObject>> objects = new LinkedHashMap<>();
  private final Map<Named, ApiObject> workloads = new LinkedHashMap<>();
  private final List<Pod> created = new ArrayList<>();
  private final List<Pod> deleted = new ArrayList<>();
  private boolean changed;
  private long made;

  /**
   * Nothing but nodes.
   *
   * @param admission what becomes of a pod that a controller creates; may refuse by throwing
   */
  public Rehearsal(List<Node> nodes, Instant now, UnaryOperator<Pod> admission) {
    this.nodes = List.copyOf(nodes);
    this.now = now;
    this.admission = admission;
  }

  /** Whether a kind makes pods that can be told beforehand. */
  public static boolean knows(ApiObject object) {
    return object instanceof Deployment
        || object instanceof ReplicaSet
        || object instanceof ReplicationController
        || object instanceof StatefulSet
        || object instanceof DaemonSet
        || object instanceof Job;
  }

  /** Something that is there already: pods, ReplicaSets, revisions, claims. */
  public void there(ApiObject object) {
    ApiObject held = object instanceof Pod pod && isBound(pod) ? running(pod) : object;
    hold(held);
  }

  private void hold(ApiObject object) {
    of(object.kind()).put(ObjectKey.of(object), object);
  }

  private Map<ObjectKey, ApiObject> of(String kind) {
    return objects.computeIfAbsent(kind, k -> new LinkedHashMap<>());
  }

  private static boolean isBound(Pod pod) {
    return !pod.spec().nodeNameOr("").isEmpty() && Pods.isActive(pod);
  }

  /** A workload as it would be stored. */
  public void put(ApiObject workload) {
    workloads.put(Named.of(workload), identified(workload));
  }

  /** The pod has a node. */
  public void started(Pod pod) {
    hold(running(pod));
  }

  /** The pod is gone, for a reason that no controller of this rehearsal has. */
  public void gone(Pod pod) {
    of(pod.kind()).remove(ObjectKey.of(pod));
  }

  /** The workload that a pod is made for, itself one of those that were put; else the pod. */
  public ApiObject madeFor(Pod pod) {
    ApiObject child = pod;
    Optional<ApiObject> owner = ownerOf(child);
    while (owner.isPresent()) {
      child = owner.get();
      owner = ownerOf(child);
    }
    return child;
  }

  private Optional<ApiObject> ownerOf(ApiObject child) {
    String uid = Owners.controllerUid(child);
    return Stream.concat(
            workloads.values().stream(), of(Types.REPLICA_SET.kind()).values().stream())
        .filter(object -> !uid.isEmpty() && uid.equals(object.metadata().uidOr("?")))
        .findFirst();
  }

  /** A claim that is there, or that a controller has made meanwhile. */
  public Optional<PersistentVolumeClaim> claim(ObjectKey key) {
    return Optional.ofNullable(
        (PersistentVolumeClaim) of(Types.PERSISTENT_VOLUME_CLAIM.kind()).get(key));
  }

  /** Every controller decides once. */
  public Round round() {
    created.clear();
    deleted.clear();
    changed = false;
    for (Named name : List.copyOf(workloads.keySet())) {
      step(Objects.requireNonNull(workloads.get(name)));
    }
    for (ApiObject set : List.copyOf(of(Types.REPLICA_SET.kind()).values())) {
      if (isRehearsed(set)) {
        step(set);
      }
    }
    return new Round(created, deleted, changed);
  }

  private boolean isRehearsed(ApiObject set) {
    String uid = Owners.controllerUid(set);
    return workloads.values().stream().anyMatch(w -> w.metadata().uidOr("?").equals(uid));
  }

  private void step(ApiObject object) {
    decide(object).changes().forEach(this::apply);
  }

  private Plan decide(ApiObject object) {
    Around around = around(object.metadata().namespaceOr(""));
    return switch (object) {
      case Deployment deployment -> DeploymentRehearsal.step(deployment, around, now);
      case ReplicaSet set -> ReplicaRehearsal.step(set, around, now);
      case ReplicationController set -> ReplicaRehearsal.step(set, around, now);
      case StatefulSet set -> StatefulSetRehearsal.step(set, around, now);
      case DaemonSet set -> DaemonSetRehearsal.step(set, around, now);
      case Job job -> JobRehearsal.step(job, around, now);
      default -> Plan.NOTHING;
    };
  }

  private Around around(String namespace) {
    Map<ObjectKey, PersistentVolumeClaim> claims = new LinkedHashMap<>();
    in(Types.PERSISTENT_VOLUME_CLAIM, namespace)
        .forEach(claim -> claims.put(ObjectKey.of(claim), claim));
    return new Around(
        in(Types.POD, namespace),
        in(Types.REPLICA_SET, namespace),
        in(Types.CONTROLLER_REVISION, namespace),
        claims,
        nodes);
  }

  @SuppressWarnings("unchecked") // objects of a kind are of the type of that kind
  private <T extends ApiObject> List<T> in(ResourceType<T> type, String namespace) {
    List<T> all = new ArrayList<>();
    of(type.kind())
        .forEach(
            (key, object) -> {
              if (key.namespace().equals(namespace)) {
                all.add((T) object);
              }
            });
    return all;
  }

  private void apply(Change change) {
    switch (change) {
      case Change.Create<?>(_, ApiObject object, _, _) -> create(object);
      case Change.Update<?>(_, _, ApiObject after, _) -> replace(after);
      case Change.UpdateStatus<?>(_, _, ApiObject after, _) -> replace(after);
      case Change.Delete<?>(ResourceType<?> type, ObjectKey key, _, _, _, _, _) ->
          delete(type.kind(), key);
      case Change.PatchObject<?> _, Change.Tell _ -> {}
    }
  }

  private void create(ApiObject object) {
    switch (object) {
      case Pod pod -> {
        Pod admitted = (Pod) identified(admission.apply(pod));
        hold(admitted);
        created.add(admitted);
        changed = true;
      }
      case ReplicaSet _, ControllerRevision _, PersistentVolumeClaim _ -> {
        hold(identified(object));
        changed = true;
      }
      default -> {} // nothing that makes pods
    }
  }

  private void replace(ApiObject after) {
    Named name = Named.of(after);
    ApiObject before =
        workloads.containsKey(name)
            ? workloads.put(name, after)
            : of(after.kind()).put(name.key(), after);
    changed |= !after.equals(before);
  }

  private void delete(String kind, ObjectKey key) {
    ApiObject gone = of(kind).remove(key);
    if (gone instanceof Pod pod) {
      deleted.add(pod);
    }
    changed |= gone != null;
  }

  /** With the name and uid that the server would give it. */
  private ApiObject identified(ApiObject object) {
    ObjectMeta meta = object.metadata();
    boolean named = !meta.nameOr("").isEmpty();
    if (named && !meta.uidOr("").isEmpty()) {
      return object;
    }
    made++;
    ObjectMeta next =
        meta.withName(named ? meta.name() : meta.generateNameOr("pod-") + made)
            .withUid(meta.uidOr("").isEmpty() ? "planned-" + made : meta.uid())
            .withCreationTimestamp(meta.creationTimestampOr(now));
    return withMetadata(object, next);
  }

  private static ApiObject withMetadata(ApiObject object, ObjectMeta meta) {
    return switch (object) {
      case Pod pod -> pod.withMetadata(meta);
      case ReplicaSet set -> set.withMetadata(meta);
      case ReplicationController set -> set.withMetadata(meta);
      case Deployment deployment -> deployment.withMetadata(meta);
      case StatefulSet set -> set.withMetadata(meta);
      case DaemonSet set -> set.withMetadata(meta);
      case Job job -> job.withMetadata(meta);
      case ControllerRevision revision -> revision.withMetadata(meta);
      case PersistentVolumeClaim claim -> claim.withMetadata(meta);
      default -> object;
    };
  }

  private static Pod running(Pod pod) {
    PodCondition ready =
        PodCondition.builder()
            .type("Ready")
            .status("True")
            .lastTransitionTime(Instant.EPOCH)
            .build();
    return pod.withStatus(pod.status().withPhase("Running").withConditions(List.of(ready)));
  }
}
