package dev.kapell.controllers.statefulset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.RollingUpdateStatefulSetStrategy;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetCondition;
import dev.kapell.api.apps.v1.StatefulSetStatus;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.history.History;
import dev.kapell.controllers.workload.Claims;
import dev.kapell.controllers.workload.Count;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Notices;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Share;
import dev.kapell.controllers.workload.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One decision about one StatefulSet: first every wanted number has its pod, then numbers beyond
 * go, then pods of an old revision are replaced from the highest number down. Unless the policy is
 * Parallel, each step waits for the one before. Pure; one use, one thread.
 */
final class Ordered {
  private static final Notices<StatefulSetCondition> NOTICES =
      new Notices<>(c -> c.typeOr(""), c -> c.reasonOr(""), Ordered::condition);

  /**
   * What is looked at.
   *
   * @param pods those that it manages or might adopt
   * @param revisions those that it manages or might adopt
   * @param nameTaken another workload has the revision of the name that the present one would get
   * @param claims those of its numbers that are there
   * @param rivals whose pods it selects too
   */
  record Seen(
      StatefulSet set,
      List<Pod> pods,
      List<ControllerRevision> revisions,
      boolean nameTaken,
      Map<ObjectKey, PersistentVolumeClaim> claims,
      Optional<Notice> rivals) {}

  private final StatefulSet set;
  private final Instant now;
  private final History history;
  private final String update;
  private final String current;
  private final int first;
  private final int replicas;
  private final ClaimOwners claims;
  private final NavigableMap<Integer, Pod> pods = new TreeMap<>();
  private final List<Change> told = new ArrayList<>();
  private final Plan.Builder plan = new Plan.Builder();

  private Ordered(Seen seen, List<Pod> owned, List<ControllerRevision> revisions, Instant now) {
    this.set = seen.set();
    this.now = now;
    this.history = new History(set, revisions);
    this.update = revisionName(set);
    String known = set.status().currentRevisionOr("");
    this.current = known.isEmpty() ? update : known;
    this.first = first(set);
    this.replicas = set.spec().replicasOr(1);
    this.claims = new ClaimOwners(set, seen.claims());
    for (Pod pod : owned) {
      Identity.ordinal(set, pod).ifPresent(ordinal -> pods.put(ordinal, pod));
    }
  }

  private static int first(StatefulSet set) {
    return set.spec().ordinals() == null ? 0 : set.spec().ordinals().startOr(0);
  }

  /** The name that the revision of the present template has. */
  static String revisionName(StatefulSet set) {
    return set.metadata().nameOr("")
        + "-"
        + History.hash(set.spec().template(), set.status().collisionCountOr(0));
  }

  /** The numbers that are wanted or have a pod. */
  static NavigableSet<Integer> numbers(StatefulSet set, List<Pod> pods) {
    NavigableSet<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < set.spec().replicasOr(1); i++) {
      numbers.add(first(set) + i);
    }
    pods.forEach(pod -> Identity.ordinal(set, pod).ifPresent(numbers::add));
    return numbers;
  }

  static Plan decide(Seen seen, Instant now) {
    StatefulSet set = seen.set();
    LabelSelector selector = Objects.requireNonNullElse(set.spec().selector(), LabelSelector.EMPTY);
    List<Pod> named =
        seen.pods().stream().filter(p -> Identity.ordinal(set, p).isPresent()).toList();
    Claims<Pod> pods = Claims.of(Types.POD, set, selector, named);
    Claims<ControllerRevision> revisions =
        Claims.of(Types.CONTROLLER_REVISION, set, selector, seen.revisions());
    Ordered ordered = new Ordered(seen, pods.owned(), revisions.owned(), now);
    if (!pods.changes().isEmpty() || !revisions.changes().isEmpty()) {
      return ordered.plan.addAll(revisions.changes()).addAll(pods.changes()).build();
    }
    if (seen.nameTaken()) {
      int collisions = set.status().collisionCountOr(0) + 1;
      return ordered.tell(set.status().withCollisionCount(collisions), List.of());
    }
    if (!Pods.isTerminating(set)) {
      ordered.run();
    }
    Pods.nextAvailable(pods.owned(), set.spec().minReadySecondsOr(0), now)
        .ifPresent(ordered.plan::againAfter);
    Trouble trouble = Trouble.of(pods.owned(), Set.of(), now);
    trouble.again().ifPresent(ordered.plan::againAfter);
    List<Notice> notices = new ArrayList<>(trouble.notices());
    seen.rivals().ifPresent(notices::add);
    return ordered.tell(ordered.status(), notices);
  }

  /** What to tell when a pod or a claim could not be made or deleted. */
  static Plan refused(Seen seen, Change change, ApiFailure why) {
    String verb =
        switch (change) {
          case Change.Create<?> _ -> "create ";
          case Change.Delete<?> _ -> "delete ";
          default -> "";
        };
    if (verb.isEmpty() || why.isConflict()) {
      return Plan.NOTHING;
    }
    String subject =
        switch (change) {
          case Change.Create<?> c -> c.type().kind() + " " + c.object().metadata().nameOr("");
          case Change.Delete<?> d -> d.type().kind() + " " + d.key().name();
          default -> "";
        };
    return Plan.of(
        Change.warn(
            seen.set(),
            verb.equals("create ") ? "FailedCreate" : "FailedDelete",
            verb
                + subject
                + " in StatefulSet "
                + seen.set().metadata().nameOr("")
                + " failed error: "
                + why.getMessage()));
  }

  private Plan tell(StatefulSetStatus status, List<Notice> notices) {
    List<StatefulSetCondition> known = set.status().conditions();
    plan.addAll(told).addAll(NOTICES.news(set, notices, known));
    StatefulSet after = set.withStatus(status.withConditions(NOTICES.among(known, notices, now)));
    return plan.add(Change.updateStatus(Types.STATEFUL_SET, set, after, "pods counted")).build();
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
      if (!fill(ordinal, pods.get(ordinal)) && isOrderly()) {
        return false;
      }
    }
    return true;
  }

  private boolean fill(int ordinal, @Nullable Pod pod) {
    if (pod == null) {
      if (!claims.isLeaving(ordinal)) {
        create(ordinal);
      }
      return false;
    }
    if (Pods.isFinished(pod)) {
      delete(pod, "it has ended");
      return false;
    }
    if (Pods.phase(pod).equals("Pending")) {
      plan.addAll(claims.missing(ordinal));
    }
    plan.addAll(claims.settle(pod, ordinal, false));
    Pod labeled = Identity.labeled(set, ordinal, pod);
    if (!labeled.equals(pod)) {
      plan.add(Change.update(Types.POD, pod, labeled, "its number's labels are gone"));
    }
    return !Pods.isTerminating(pod) && isAvailable(pod);
  }

  /**
   * Numbers beyond go, the highest first. In order, a pod that does not work is only taken when
   * every one below it does, so that the set never shrinks through trouble.
   */
  private boolean shrink() {
    boolean done = true;
    int firstUnhealthy = firstUnhealthy();
    for (Map.Entry<Integer, Pod> entry : pods.descendingMap().entrySet()) {
      int ordinal = entry.getKey();
      Pod pod = entry.getValue();
      if (isWanted(ordinal)) {
        continue;
      }
      done = false;
      plan.addAll(claims.settle(pod, ordinal, true));
      if (!Pods.isTerminating(pod)) {
        if (isOrderly() && !isAvailable(pod) && ordinal != firstUnhealthy) {
          return false;
        }
        delete(pod, "wants " + replicas + " replicas");
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

  /**
   * From the highest number down, as many as may be missing at once. An old pod that does not work
   * is missing already, so it costs nothing to replace it.
   */
  private void replaceOld() {
    if (isOnDelete()) {
      return;
    }
    int left = Math.max(1, Share.ceil(rolling().maxUnavailable(), replicas, 1)) - unavailable();
    int border = first + rolling().partitionOr(0);
    for (Pod pod : pods.tailMap(border, true).descendingMap().values()) {
      if (Pods.isTerminating(pod) || revision(pod).equals(update)) {
        continue;
      }
      boolean works = isAvailable(pod);
      if (!works || left > 0) {
        delete(pod, "its template is old");
        left -= works ? 1 : 0;
      }
    }
  }

  private int unavailable() {
    int unavailable = 0;
    for (int ordinal = first; ordinal < first + replicas; ordinal++) {
      Pod pod = pods.get(ordinal);
      unavailable += pod == null || Pods.isTerminating(pod) || !isAvailable(pod) ? 1 : 0;
    }
    return unavailable;
  }

  private boolean isOnDelete() {
    var strategy = set.spec().updateStrategy();
    return strategy != null && strategy.typeOr("RollingUpdate").equals("OnDelete");
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
    Pod pod =
        Identity.pod(
            set,
            ordinal,
            template.orElse(set.spec().template()),
            template.isPresent() ? current : update);
    plan.addAll(claims.missing(ordinal));
    plan.add(Change.create(Types.POD, pod, "number " + ordinal + " has no pod"));
    told.add(Change.tell(set, "SuccessfulCreate", "create" + done(Identity.podName(set, ordinal))));
  }

  private boolean isOldWanted(int ordinal) {
    int partition = rolling().partitionOr(0);
    int border = partition > 0 ? partition : set.status().currentReplicasOr(0);
    return !isOnDelete() && ordinal < first + border;
  }

  private void delete(Pod pod, String reason) {
    if (!Pods.isTerminating(pod)) {
      plan.add(Change.delete(Types.POD, pod, reason));
      told.add(Change.tell(set, "SuccessfulDelete", "delete" + done(pod.metadata().nameOr(""))));
    }
  }

  private String done(String pod) {
    return " Pod " + pod + " in StatefulSet " + set.metadata().nameOr("") + " successful";
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
    boolean complete =
        !isOnDelete() && ofUpdate == pods.size() && ready == pods.size() && pods.size() == replicas;
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

  private static StatefulSetCondition condition(Notice notice, Instant now) {
    return StatefulSetCondition.builder()
        .type(notice.type())
        .status("True")
        .reason(notice.reason())
        .message(notice.message())
        .lastTransitionTime(now)
        .build();
  }
}
