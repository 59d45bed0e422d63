package dev.kapell.controllers.statefulset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.RollingUpdateStatefulSetStrategy;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetStatus;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.history.History;
import dev.kapell.controllers.workload.Claims;
import dev.kapell.controllers.workload.Count;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Share;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One decision about one StatefulSet: first every wanted number has its pod, then numbers beyond
 * go, then pods of an old revision are replaced from the highest number down. Unless the policy is
 * Parallel, each step waits for the one before. Pure; one use, one thread.
 */
final class Ordered {
  /**
   * What is looked at.
   *
   * @param pods those that it manages or might adopt
   * @param claims the names of the claims that are there
   */
  record Seen(
      StatefulSet set,
      List<Pod> pods,
      List<ControllerRevision> revisions,
      Map<ObjectKey, PersistentVolumeClaim> claims) {}

  private final Seen seen;
  private final StatefulSet set;
  private final Instant now;
  private final History history;
  private final String update;
  private final String current;
  private final int first;
  private final int replicas;
  private final NavigableMap<Integer, Pod> pods = new TreeMap<>();
  private final Plan.Builder plan = new Plan.Builder();

  private Ordered(Seen seen, List<Pod> owned, Instant now) {
    this.seen = seen;
    this.set = seen.set();
    this.now = now;
    this.history = new History(set, seen.revisions());
    this.update =
        history.name(History.hash(set.spec().template(), set.status().collisionCountOr(0)));
    String known = set.status().currentRevisionOr("");
    this.current = known.isEmpty() ? update : known;
    this.first = set.spec().ordinals() == null ? 0 : set.spec().ordinals().startOr(0);
    this.replicas = set.spec().replicasOr(1);
    for (Pod pod : owned) {
      Identity.ordinal(set, pod).ifPresent(ordinal -> pods.put(ordinal, pod));
    }
  }

  static Plan decide(Seen seen, Instant now) {
    StatefulSet set = seen.set();
    LabelSelector selector = Objects.requireNonNullElse(set.spec().selector(), LabelSelector.EMPTY);
    Claims<Pod> claims = Claims.of(Types.POD, set, selector, seen.pods());
    List<Pod> owned =
        claims.owned().stream().filter(p -> Identity.ordinal(set, p).isPresent()).toList();
    Ordered ordered = new Ordered(seen, owned, now);
    if (!claims.changes().isEmpty()) {
      return ordered.plan.addAll(claims.changes()).build();
    }
    if (!Pods.isTerminating(set)) {
      ordered.run();
    }
    Pods.nextAvailable(owned, set.spec().minReadySecondsOr(0), now)
        .ifPresent(ordered.plan::againAfter);
    StatefulSet told = set.withStatus(ordered.status());
    return ordered
        .plan
        .add(Change.updateStatus(Types.STATEFUL_SET, set, told, "pods counted"))
        .build();
  }

  private void run() {
    String hash = update.substring(set.metadata().nameOr("").length() + 1);
    plan.addAll(
        history.record(set.spec().template(), hash, set.spec().template().metadata().labels()));
    if (fill() && shrink()) {
      replaceOld();
    }
    Set<String> live = new HashSet<>(List.of(update, current));
    pods.values().forEach(p -> live.add(revision(p)));
    plan.addAll(history.prune(set.spec().revisionHistoryLimitOr(10), live));
  }

  private boolean isOrderly() {
    return !set.spec().podManagementPolicyOr("OrderedReady").equals("Parallel");
  }

  /** Every wanted number has a pod that works; false when the next step has to wait. */
  private boolean fill() {
    for (int ordinal = first; ordinal < first + replicas; ordinal++) {
      Pod pod = pods.get(ordinal);
      boolean settled;
      if (pod == null) {
        create(ordinal);
        settled = false;
      } else if (Pods.isFinished(pod)) {
        delete(pod, "it has ended");
        settled = false;
      } else {
        settled = !Pods.isTerminating(pod) && isAvailable(pod);
        addMissingClaims(ordinal);
      }
      if (!settled && isOrderly()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Numbers beyond go, the highest first. In order, a pod that does not work is only taken when
   * every one below it does, so that the set never shrinks through trouble.
   */
  private boolean shrink() {
    boolean done = true;
    int firstUnhealthy = firstUnhealthy();
    for (Map.Entry<Integer, Pod> entry : pods.descendingMap().entrySet()) {
      if (isWanted(entry.getKey())) {
        continue;
      }
      done = false;
      Pod pod = entry.getValue();
      if (!Pods.isTerminating(pod)) {
        if (isOrderly() && !isAvailable(pod) && entry.getKey() != firstUnhealthy) {
          return false;
        }
        delete(pod, "wants " + replicas + " replicas");
        if (Identity.scalingDeletesClaims(set)) {
          deleteClaims(entry.getKey());
        }
      }
      if (isOrderly()) {
        return false;
      }
    }
    return done;
  }

  /** The lowest number whose pod does not work. */
  private int firstUnhealthy() {
    for (Map.Entry<Integer, Pod> entry : pods.entrySet()) {
      if (Pods.isTerminating(entry.getValue()) || !isAvailable(entry.getValue())) {
        return entry.getKey();
      }
    }
    return Integer.MAX_VALUE;
  }

  private boolean isWanted(int ordinal) {
    return ordinal >= first && ordinal < first + replicas;
  }

  private void replaceOld() {
    var strategy = set.spec().updateStrategy();
    if (strategy != null && strategy.typeOr("RollingUpdate").equals("OnDelete")) {
      return;
    }
    RollingUpdateStatefulSetStrategy rolling = rolling();
    int most = Math.max(1, Share.ceil(rolling.maxUnavailable(), replicas, 1));
    int unavailable = 0;
    for (Map.Entry<Integer, Pod> entry : pods.descendingMap().entrySet()) {
      if (!isWanted(entry.getKey()) || entry.getKey() < first + rolling.partitionOr(0)) {
        continue;
      }
      Pod pod = entry.getValue();
      if (!revision(pod).equals(update) && !Pods.isTerminating(pod)) {
        delete(pod, "its template is old");
        unavailable++;
      } else if (Pods.isTerminating(pod) || !isAvailable(pod)) {
        unavailable++;
      }
      if (unavailable >= most) {
        return;
      }
    }
  }

  private RollingUpdateStatefulSetStrategy rolling() {
    var strategy = set.spec().updateStrategy();
    return strategy == null || strategy.rollingUpdate() == null
        ? RollingUpdateStatefulSetStrategy.EMPTY
        : strategy.rollingUpdate();
  }

  /** Numbers below the partition, and those not yet updated, come back in the old revision. */
  private void create(int ordinal) {
    boolean old = !current.equals(update) && isOldWanted(ordinal);
    Optional<PodTemplateSpec> template =
        old ? history.find(current).flatMap(History::template) : Optional.empty();
    addMissingClaims(ordinal);
    plan.add(
        new Change.Create<>(
            Types.POD,
            Identity.pod(
                set,
                ordinal,
                template.orElse(set.spec().template()),
                template.isPresent() ? current : update),
            null,
            "number " + ordinal + " has no pod"));
    plan.add(
        Change.tell(
            set,
            "SuccessfulCreate",
            "create Pod "
                + Identity.podName(set, ordinal)
                + " in StatefulSet "
                + set.metadata().nameOr("")
                + " successful"));
  }

  private boolean isOldWanted(int ordinal) {
    Integer partition = rolling().partition();
    boolean parted = partition != null && partition > 0;
    int border = parted ? rolling().partitionOr(0) : set.status().currentReplicasOr(0);
    return ordinal < first + border;
  }

  private void addMissingClaims(int ordinal) {
    for (PersistentVolumeClaim claim : Identity.claims(set, ordinal)) {
      if (!seen.claims().containsKey(ObjectKey.of(claim))) {
        plan.add(Change.create(Types.PERSISTENT_VOLUME_CLAIM, claim, "a pod without its claim"));
      }
    }
  }

  private void deleteClaims(int ordinal) {
    for (PersistentVolumeClaim claim : Identity.claims(set, ordinal)) {
      PersistentVolumeClaim there = seen.claims().get(ObjectKey.of(claim));
      if (there != null) {
        plan.add(Change.delete(Types.PERSISTENT_VOLUME_CLAIM, there, "scaled down"));
      }
    }
  }

  private void delete(Pod pod, String reason) {
    if (Pods.isTerminating(pod)) {
      return;
    }
    plan.add(Change.delete(Types.POD, pod, reason));
    plan.add(
        Change.tell(
            set,
            "SuccessfulDelete",
            "delete Pod "
                + pod.metadata().nameOr("")
                + " in StatefulSet "
                + set.metadata().nameOr("")
                + " successful"));
  }

  private static String revision(Pod pod) {
    return pod.metadata().labels().getOrDefault(History.HASH, "");
  }

  private boolean isAvailable(Pod pod) {
    return Pods.phase(pod).equals("Running")
        && Pods.isAvailable(pod, set.spec().minReadySecondsOr(0), now);
  }

  private StatefulSetStatus status() {
    int ready = 0;
    int available = 0;
    int ofCurrent = 0;
    int ofUpdate = 0;
    for (Pod pod : pods.values()) {
      ready += Pods.isReady(pod) ? 1 : 0;
      available += isAvailable(pod) ? 1 : 0;
      if (!Pods.isTerminating(pod)) {
        ofCurrent += revision(pod).equals(current) ? 1 : 0;
        ofUpdate += revision(pod).equals(update) ? 1 : 0;
      }
    }
    var strategy = set.spec().updateStrategy();
    boolean rolling = strategy == null || !strategy.typeOr("").equals("OnDelete");
    boolean complete =
        rolling && ofUpdate == pods.size() && ready == pods.size() && pods.size() == replicas;
    return set.status()
        .withObservedGeneration(set.metadata().generation())
        .withReplicas(pods.size())
        .withReadyReplicas(Count.orAbsent(ready))
        .withAvailableReplicas(available)
        .withCurrentRevision(complete ? update : current)
        .withUpdateRevision(update)
        .withCurrentReplicas(Count.orAbsent(complete ? ofUpdate : ofCurrent))
        .withUpdatedReplicas(Count.orAbsent(ofUpdate))
        .withCollisionCount(set.status().collisionCountOr(0));
  }
}
