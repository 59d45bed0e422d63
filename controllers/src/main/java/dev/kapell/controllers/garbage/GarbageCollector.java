package dev.kapell.controllers.garbage;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.api.meta.v1.Preconditions;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Outcome;
import dev.kapell.controllers.kinds.Kinds;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Looks at every object that has owners, whenever it or one of them changes. */
public final class GarbageCollector {
  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  private final Client client;
  private final EventRecorder events;
  private final Graph graph;

  private GarbageCollector(LoopContext context, Kinds kinds) {
    this.client = context.client();
    this.events = context.events();
    this.graph = new Graph(context.caches(), context.client(), kinds);
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<?> start(LoopContext context, Kinds kinds, int workers) {
    GarbageCollector collector = new GarbageCollector(context, kinds);
    ControlLoop<Item> loop = context.loop("garbagecollector", collector::reconcile);
    collector.graph.refresh((type, change) -> collector.heard(loop, type, change));
    context
        .caches()
        .of(Types.CUSTOM_RESOURCE_DEFINITION)
        .onChange(
            (before, after) ->
                collector.graph.refresh((type, change) -> collector.heard(loop, type, change)));
    return loop.start(workers);
  }

  private void heard(ControlLoop<Item> loop, ResourceType<?> type, Graph.Change change) {
    if (change.after().isPresent()) {
      ApiObject object = change.after().get();
      if (!object.metadata().ownerReferences().isEmpty() || isHeldByUs(object)) {
        loop.add(Item.of(type, object));
      }
      tellCircle(new Graph.Dependent(type, object), change.before());
    } else {
      ApiObject gone = change.before().orElseThrow();
      graph
          .dependents(gone.metadata().uidOr("?"))
          .forEach(dependent -> loop.add(Item.of(dependent.type(), dependent.object())));
    }
    // An owner that waits for its dependents looks again when one of them changes or goes.
    change
        .before()
        .ifPresent(
            object ->
                object
                    .metadata()
                    .ownerReferences()
                    .forEach(r -> graph.owner(object, r).ifPresent(owner -> wake(loop, owner))));
  }

  /** Objects that own each other are never collected, whoever else goes: a person has to know. */
  private void tellCircle(Graph.Dependent after, Optional<ApiObject> before) {
    List<OwnerReference> owners = after.object().metadata().ownerReferences();
    boolean same = before.map(b -> b.metadata().ownerReferences().equals(owners)).orElse(false);
    if (!owners.isEmpty() && !same) {
      graph
          .circle(after)
          .ifPresent(
              road ->
                  events.record(
                      reference(after),
                      true,
                      "OwnersInACircle",
                      "it owns itself through "
                          + road
                          + " and will not be collected: take one owner reference off"));
    }
  }

  /** A cache may show only its metadata, which knows no kind. */
  private static ObjectReference reference(Graph.Dependent dependent) {
    ObjectMeta meta = dependent.object().metadata();
    return ObjectReference.builder()
        .apiVersion(dependent.type().apiVersion())
        .kind(dependent.type().kind())
        .namespace(meta.namespace())
        .name(meta.name())
        .uid(meta.uid())
        .resourceVersion(meta.resourceVersion())
        .build();
  }

  private void wake(ControlLoop<Item> loop, Item owner) {
    if (graph.find(owner).map(o -> isHeldByUs(o.object())).orElse(false)) {
      loop.add(owner);
    }
  }

  private static boolean isHeldByUs(ApiObject object) {
    ObjectMeta meta = object.metadata();
    return meta.deletionTimestamp() != null
        && (meta.finalizers().contains(FOREGROUND) || meta.finalizers().contains(ORPHAN));
  }

  private Outcome reconcile(Item item) {
    Optional<Graph.Dependent> found = graph.find(item);
    if (found.isPresent()) {
      judge(found.get());
    }
    return Outcome.done();
  }

  private void judge(Graph.Dependent found) {
    ApiObject object = found.object();
    ObjectMeta meta = object.metadata();
    if (meta.deletionTimestamp() != null) {
      if (meta.finalizers().contains(ORPHAN)) {
        orphan(found);
      } else if (meta.finalizers().contains(FOREGROUND)) {
        deleteDependentsFirst(found);
      }
      return;
    }
    boolean hasDependents = graph.hasDependents(meta.uidOr("?"));
    switch (Verdict.of(object, reference -> graph.state(object, reference), hasDependents)) {
      case Verdict.Keep() -> {}
      case Verdict.Drop(Set<String> uids) ->
          change(found.type(), object, fresh -> withoutOwners(fresh, uids));
      case Verdict.Delete(boolean foreground) -> {
        boolean unblocked =
            foreground
                && isInCircle(meta.uidOr("?"))
                && change(found.type(), object, GarbageCollector::blockingNobody);
        if (!unblocked) { // else that change brings it here again
          delete(found.type(), object, foreground);
        }
      }
    }
  }

  /** A dependent that already waits for its own dependents may wait for this very object. */
  private boolean isInCircle(String uid) {
    return graph.dependents(uid).stream().anyMatch(dependent -> isHeldByUs(dependent.object()));
  }

  private static ObjectMeta blockingNobody(ObjectMeta meta) {
    return meta.withOwnerReferences(
        meta.ownerReferences().stream().map(r -> r.withBlockOwnerDeletion(false)).toList());
  }

  /** The dependents stay: nobody owns them through this object any more. */
  private void orphan(Graph.Dependent owner) {
    String uid = owner.object().metadata().uidOr("?");
    for (Graph.Dependent dependent : graph.dependents(uid)) {
      release(dependent, uid);
    }
    change(owner.type(), owner.object(), meta -> withoutFinalizer(meta, ORPHAN));
  }

  private void release(Graph.Dependent dependent, String ownerUid) {
    change(dependent.type(), dependent.object(), meta -> withoutOwners(meta, Set.of(ownerUid)));
  }

  private void deleteDependentsFirst(Graph.Dependent owner) {
    String uid = owner.object().metadata().uidOr("?");
    boolean blocked = false;
    for (Graph.Dependent dependent : graph.dependents(uid)) {
      blocked |= isBlocking(dependent.object(), uid);
      if (dependent.object().metadata().deletionTimestamp() == null) {
        judge(dependent);
      }
    }
    if (!blocked) {
      change(owner.type(), owner.object(), meta -> withoutFinalizer(meta, FOREGROUND));
    }
  }

  private static boolean isBlocking(ApiObject dependent, String ownerUid) {
    return dependent.metadata().ownerReferences().stream()
        .anyMatch(r -> r.uidOr("").equals(ownerUid) && r.blockOwnerDeletionOr(false));
  }

  private void delete(ResourceType<?> type, ApiObject object, boolean foreground) {
    List<String> finalizers = object.metadata().finalizers();
    String policy = foreground || finalizers.contains(FOREGROUND) ? "Foreground" : "Background";
    DeleteOptions options =
        DeleteOptions.builder()
            .propagationPolicy(finalizers.contains(ORPHAN) ? "Orphan" : policy)
            .preconditions(
                Preconditions.builder()
                    .uid(object.metadata().uid())
                    .resourceVersion(object.metadata().resourceVersion())
                    .build())
            .build();
    try {
      client.delete(type, ObjectKey.of(object), options);
    } catch (ApiFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  /**
   * Changes the metadata of the object as it is now, if it is still the same one; tells whether.
   */
  private <T extends ApiObject> boolean change(
      ResourceType<T> type, ApiObject object, UnaryOperator<ObjectMeta> edit) {
    Optional<T> now = client.find(type, ObjectKey.of(object));
    if (now.isEmpty() || !now.get().metadata().uidOr("").equals(object.metadata().uidOr("?"))) {
      return false;
    }
    ObjectMeta before = now.get().metadata();
    ObjectMeta after = edit.apply(before);
    if (after.equals(before)) {
      return false;
    }
    try {
      client.update(type, type.withMetadata(now.get(), after));
      return true;
    } catch (ApiFailure e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  private static ObjectMeta withoutFinalizer(ObjectMeta meta, String finalizer) {
    return meta.withFinalizers(
        meta.finalizers().stream().filter(f -> !f.equals(finalizer)).toList());
  }

  private static ObjectMeta withoutOwners(ObjectMeta meta, Set<String> uids) {
    List<OwnerReference> left =
        meta.ownerReferences().stream().filter(r -> !uids.contains(r.uidOr(""))).toList();
    return meta.withOwnerReferences(left);
  }
}
