package dev.kapell.scheduler;

import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Event;
import dev.kapell.scheduler.queue.PodQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Brings the cluster and the queue up to what the caches know, and tells what of it may help pods
 * that wait. The scheduler's thread's.
 */
final class Intake {
  private final Cache<Node> nodes;
  private final Cache<Pod> pods;
  private final Cluster cluster;
  private final PodQueue queue;
  private final Set<String> schedulers;

  /**
   * Which pod was last seen under a name; a new one by that name means that the old one is gone.
   */
  private final Map<ObjectKey, Pod> known = new HashMap<>();

  private List<Event> events = new ArrayList<>();

  /** The pods of these {@code schedulers} are queued. */
  Intake(
      Cache<Node> nodes, Cache<Pod> pods, Cluster cluster, PodQueue queue, Set<String> schedulers) {
    this.nodes = nodes;
    this.pods = pods;
    this.cluster = cluster;
    this.queue = queue;
    this.schedulers = schedulers;
  }

  /**
   * Takes in what has changed.
   *
   * @param nowNanos when
   * @param broken hears of pods that cannot be taken in; the others are
   */
  List<Event> take(Inbox.Batch batch, long nowNanos, BiConsumer<Pod, RuntimeException> broken) {
    for (String name : batch.nodes()) {
      Optional<Node> node = nodes.find(ObjectKey.cluster(name));
      boolean isNew = cluster.row(name).isEmpty();
      node.ifPresentOrElse(cluster::putNode, () -> cluster.removeNode(name));
      node.ifPresent(n -> events.add(new Event.NodeChanged(n, isNew)));
    }
    for (ObjectKey key : batch.pods()) {
      try {
        podChanged(key, nowNanos);
      } catch (RuntimeException e) {
        pods.find(key).ifPresent(pod -> broken.accept(pod, e));
      }
    }
    if (batch.others().contains(Inbox.Other.NAMESPACES)) {
      cluster.namespacesChanged();
      events.add(new Event.Unknown());
    }
    if (batch.others().contains(Inbox.Other.STORAGE)) {
      events.add(new Event.StorageChanged());
    }
    if (batch.others().contains(Inbox.Other.DEVICES)) {
      events.add(new Event.DevicesChanged());
    }
    List<Event> taken = events;
    events = new ArrayList<>();
    return taken;
  }

  private void podChanged(ObjectKey key, long nowNanos) {
    Optional<Pod> found = pods.find(key);
    Pod before = found.isPresent() ? known.put(key, found.get()) : known.remove(key);
    if (before != null && found.map(pod -> !isSame(pod, before)).orElse(true)) {
      gone(before);
    }
    found.ifPresent(pod -> podIs(pod, nowNanos));
  }

  static boolean isSame(Pod one, Pod other) {
    return one.metadata().uidOr("").equals(other.metadata().uidOr("?"));
  }

  private void gone(Pod pod) {
    String uid = pod.metadata().uidOr("");
    queue.remove(uid);
    cluster.unnominate(uid);
    Optional<Placed> placed = cluster.placed(uid);
    cluster.removePod(pod);
    placed.ifPresent(p -> events.add(new Event.PodGone(p.demand(), p.row())));
  }

  /** Puts a pod where it belongs. */
  void podIs(Pod pod, long nowNanos) {
    String uid = pod.metadata().uidOr("");
    String phase = pod.status().phaseOr("");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      gone(pod);
    } else if (!pod.spec().nodeNameOr("").isEmpty()) {
      queue.remove(uid);
      cluster.unnominate(uid);
      placed(pod, cluster.placed(uid));
    } else {
      unplaced(pod, nowNanos);
    }
  }

  private void placed(Pod pod, Optional<Placed> before) {
    if (before.isPresent() && !before.get().confirmed() && cluster.confirm(pod)) {
      // Whom its place helps was told when that was assumed.
      cluster
          .placed(pod.metadata().uidOr(""))
          .filter(now -> !now.demand().labels().equals(before.get().demand().labels()))
          .map(now -> new Event.PodRelabelled(before.get().demand(), now.demand()))
          .ifPresent(events::add);
      return;
    }
    if (before.isPresent() && before.get().confirmed() && counts(before.get().pod(), pod)) {
      cluster.refresh(pod);
      return;
    }
    cluster.putPod(pod);
    String uid = pod.metadata().uidOr("");
    if (before.isPresent()) {
      // It may ask for less than before, or have other labels.
      events.add(new Event.PodGone(before.get().demand(), before.get().row()));
    }
    cluster.placed(uid).ifPresent(p -> events.add(new Event.PodPlaced(p.demand())));
  }

  /** Whether the pod counts as it did. */
  private static boolean counts(Pod before, Pod now) {
    return before.metadata().labels().equals(now.metadata().labels())
        && (before.metadata().deletionTimestamp() == null)
            == (now.metadata().deletionTimestamp() == null)
        && before.spec().equals(now.spec())
        && allocated(before).equals(allocated(now));
  }

  private static List<Object> allocated(Pod pod) {
    List<Object> allocated = new ArrayList<>();
    for (ContainerStatus status : pod.status().containerStatuses()) {
      allocated.add(status.allocatedResources());
      if (status.resources() != null) {
        allocated.add(status.resources().requests());
      }
    }
    return allocated;
  }

  private void unplaced(Pod pod, long nowNanos) {
    String uid = pod.metadata().uidOr("");
    boolean waits =
        schedulers.contains(pod.spec().schedulerNameOr("default-scheduler"))
            && pod.spec().schedulingGates().isEmpty()
            && pod.metadata().deletionTimestamp() == null;
    if (!waits) {
      queue.remove(uid);
      cluster.unnominate(uid);
    } else if (cluster.placed(uid).isEmpty()) {
      Demand demand = Demand.of(pod, cluster.names());
      queue.put(pod, demand, nowNanos);
      String nominated = pod.status().nominatedNodeNameOr("");
      if (!nominated.isEmpty() && cluster.nominatedRow(uid).isEmpty()) {
        cluster.row(nominated).ifPresent(row -> cluster.nominate(pod, demand, row));
      }
    }
  }
}
