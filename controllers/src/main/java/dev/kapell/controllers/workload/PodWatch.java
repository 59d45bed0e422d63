package dev.kapell.controllers.workload;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.Selectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pods around one kind of owner: whose work a pod's change is, and which pods an owner has to
 * look at. Thread-safe.
 */
public final class PodWatch<T extends ApiObject> {
  private final Cache<T> owners;
  private final Cache<Pod> pods;
  private final Index<Pod, String> byManager;
  private final Index<Pod, String> unmanaged;
  private final BiPredicate<T, Pod> selects;

  private static final Index.Keys<Pod, String> UNMANAGED_BY_NAMESPACE =
      pod ->
          Owners.controllerOf(pod).isEmpty() ? List.of(pod.metadata().namespaceOr("")) : List.of();

  /** Nothing is fed yet; {@code selects} says which unmanaged pods an owner might adopt. */
  public PodWatch(LoopContext context, ResourceType<T> type, BiPredicate<T, Pod> selects) {
    this.owners = context.caches().of(type);
    this.pods = context.caches().of(Types.POD);
    this.byManager = pods.index(Indexes.BY_CONTROLLER_UID);
    this.unmanaged = pods.index(UNMANAGED_BY_NAMESPACE);
    this.selects = selects;
  }

  /** For owners that say with a selector which pods are theirs. */
  public static <T extends ApiObject> PodWatch<T> bySelector(
      LoopContext context, ResourceType<T> type, Function<T, @Nullable LabelSelector> selector) {
    return new PodWatch<>(
        context,
        type,
        (owner, pod) -> Selectors.matches(selector.apply(owner), pod.metadata().labels()));
  }

  /** The owners that there are. */
  public Cache<T> owners() {
    return owners;
  }

  /** Adds each owner that changes, or whose pod changes, to {@code loop}. */
  public void feed(ControlLoop<ObjectKey> loop) {
    owners.onChange((before, after) -> add(loop, after == null ? before : after));
    pods.onChange(
        (before, after) -> {
          addManager(loop, before);
          addManager(loop, after);
        });
  }

  /** All that {@code owner} manages, and what it might adopt. */
  public List<Pod> candidates(T owner) {
    List<Pod> candidates = new ArrayList<>(byManager.get(owner.metadata().uidOr("?")));
    for (Pod pod : unmanaged.get(owner.metadata().namespaceOr(""))) {
      if (selects.test(owner, pod)) {
        candidates.add(pod);
      }
    }
    return candidates;
  }

  /** All that {@code owner} manages. */
  public List<Pod> managed(T owner) {
    return byManager.get(owner.metadata().uidOr("?"));
  }

  private void addManager(ControlLoop<ObjectKey> loop, @Nullable Pod pod) {
    if (pod == null) {
      return;
    }
    String namespace = pod.metadata().namespaceOr("");
    Optional<OwnerReference> manager = Owners.controllerOf(pod);
    if (manager.isPresent()) {
      if (manager.get().kindOr("").equals(owners.type().kind())) {
        loop.add(new ObjectKey(namespace, manager.get().nameOr("")));
      }
      return;
    }
    for (T owner : owners.in(namespace)) {
      if (selects.test(owner, pod)) {
        add(loop, owner);
      }
    }
  }

  private void add(ControlLoop<ObjectKey> loop, @Nullable T owner) {
    if (owner != null) {
      loop.add(ObjectKey.of(owner));
    }
  }
}
