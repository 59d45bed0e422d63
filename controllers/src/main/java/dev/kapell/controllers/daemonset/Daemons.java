package dev.kapell.controllers.daemonset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetCondition;
import dev.kapell.api.apps.v1.DaemonSetStatus;
import dev.kapell.api.apps.v1.RollingUpdateDaemonSet;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One decision about one DaemonSet. Pure; one use, one thread. */
final class Daemons {
  /** So many pods are made in one go; each of them calls for the next decision. */
  private static final int BURST = 250;

  private static final Notices<DaemonSetCondition> NOTICES =
      new Notices<>(c -> c.typeOr(""), c -> c.reasonOr(""), Daemons::condition);

  /**
   * What is looked at.
   *
   * @param pods those that it manages or might adopt
   * @param revisions those that it manages or might adopt
   * @param nameTaken another workload has the revision of the name that the present one would get
   * @param waits until when failed pods stay, by uid; those that are not named may go
   * @param rivals whose pods it selects too
   */
  record Seen(
      DaemonSet set,
      List<Pod> pods,
      List<Node> nodes,
      List<ControllerRevision> revisions,
      boolean nameTaken,
      Map<String, Instant> waits,
      Optional<Notice> rivals) {}

  private final Seen seen;
  private final DaemonSet set;
  private final Instant now;
  private final String hash;
  private final int desired;
  private final Map<String, OnNode> byNode = new LinkedHashMap<>();
  private final Set<String> doomed = new HashSet<>();
  private final Plan.Builder plan = new Plan.Builder();
  private int created;

  private Daemons(Seen seen, List<Pod> owned, Instant now) {
    this.seen = seen;
    this.set = seen.set();
    this.now = now;
    this.hash = hash(set);
    Placement.Fit fit = Placement.Fit.of(set.spec().template().spec());
    for (Node node : seen.nodes()) {
      String name = node.metadata().nameOr("");
      byNode.put(name, OnNode.of(name, Optional.of(node), fit));
    }
    owned.stream()
        .filter(p -> !(Pods.isFinished(p) && Pods.isTerminating(p)))
        .sorted(Comparator.comparing(p -> p.metadata().creationTimestampOr(Instant.EPOCH)))
        .forEach(pod -> sortIn(pod, fit));
    this.desired = (int) byNode.values().stream().filter(OnNode::runs).count();
  }

  /** Pods that have ended and are about to go count no more: a finalizer may hold them for long. */
  private void sortIn(Pod pod, Placement.Fit fit) {
    OnNode on =
        byNode.computeIfAbsent(
            Placement.nodeOf(pod), name -> OnNode.of(name, Optional.empty(), fit));
    (isCurrent(pod) ? on.current() : on.old()).add(pod);
  }

  private boolean isCurrent(Pod pod) {
    return hash.equals(pod.metadata().labels().get(History.HASH));
  }

  private static String hash(DaemonSet set) {
    return History.hash(set.spec().template(), set.status().collisionCountOr(0));
  }

  /** The name that the revision of the present template has. */
  static String revisionName(DaemonSet set) {
    return set.metadata().nameOr("") + "-" + hash(set);
  }

  static Plan decide(Seen seen, Instant now) {
    DaemonSet set = seen.set();
    LabelSelector selector = Objects.requireNonNullElse(set.spec().selector(), LabelSelector.EMPTY);
    Claims<Pod> claims = Claims.of(Types.POD, set, selector, seen.pods());
    Claims<ControllerRevision> revisions =
        Claims.of(Types.CONTROLLER_REVISION, set, selector, seen.revisions());
    Daemons daemons = new Daemons(seen, claims.owned(), now);
    daemons.plan.addAll(revisions.changes()).addAll(claims.changes());
    if (seen.nameTaken()) {
      int collisions = set.status().collisionCountOr(0) + 1;
      return daemons.tell(set.status().withCollisionCount(collisions), List.of());
    }
    if (claims.changes().isEmpty() && revisions.changes().isEmpty()) {
      daemons.run(new History(set, revisions.owned()));
    }
    Pods.nextAvailable(claims.owned(), set.spec().minReadySecondsOr(0), now)
        .ifPresent(daemons.plan::againAfter);
    return daemons.tell(daemons.status(), daemons.notices(claims.owned()));
  }

  private Plan tell(DaemonSetStatus status, List<Notice> notices) {
    List<DaemonSetCondition> known = set.status().conditions();
    plan.addAll(NOTICES.news(set, notices, known));
    DaemonSet told = set.withStatus(status.withConditions(NOTICES.among(known, notices, now)));
    return plan.add(Change.updateStatus(Types.DAEMON_SET, set, told, "pods counted")).build();
  }

  private void run(History history) {
    if (Pods.isTerminating(set)) {
      return;
    }
    Map<String, String> labels = set.spec().template().metadata().labels();
    plan.addAll(history.record(set.spec().template(), hash, labels));
    byNode.values().forEach(this::keepOne);
    var strategy = set.spec().updateStrategy();
    if (strategy == null || strategy.typeOr("RollingUpdate").equals("RollingUpdate")) {
      replaceOld();
    }
    Set<String> live = new HashSet<>(Set.of(history.name(hash)));
    byNode.values().stream()
        .flatMap(on -> on.all().stream())
        .map(pod -> history.name(pod.metadata().labels().getOrDefault(History.HASH, "")))
        .forEach(live::add);
    plan.addAll(history.prune(set.spec().revisionHistoryLimitOr(10), live));
  }

  private void keepOne(OnNode on) {
    if (on.runs() && on.isEmpty()) {
      create(on.name(), "a node without its pod");
    } else if (on.stays()) {
      on.all().stream().filter(Pods::isFinished).forEach(pod -> replace(on.name(), pod));
      dropSpares(on);
    } else if (on.node().isPresent()) {
      // Pods whose node object is gone belong to the collector of such pods.
      on.all().forEach(pod -> delete(pod, "does not belong on its node"));
    }
  }

  private void replace(String node, Pod ended) {
    Instant until = seen.waits().getOrDefault(ended.metadata().uidOr(""), now);
    if (until.isAfter(now)) {
      plan.againAfter(Duration.between(now, until));
      return;
    }
    String subject = set.metadata().nameOr("") + "/" + ended.metadata().nameOr("");
    boolean failed = Pods.phase(ended).equals("Failed");
    String place = " daemon pod " + subject + " on node " + node + ", will try to ";
    plan.add(
        failed
            ? Change.warn(set, "FailedDaemonPod", "Found failed" + place + "kill it")
            : Change.tell(set, "SucceededDaemonPod", "Found succeeded" + place + "delete it"));
    delete(ended, "it has ended");
  }

  /** One pod for each node; with surge, one of the old template and one of the present. */
  private void dropSpares(OnNode on) {
    if (surge() == 0) {
      List<Pod> alive = new ArrayList<>(OnNode.alive(on.all(), doomed));
      alive.sort(Comparator.comparing(p -> p.metadata().creationTimestampOr(Instant.EPOCH)));
      keepFirst(alive);
      return;
    }
    keepFirst(OnNode.alive(on.current(), doomed));
    keepFirst(OnNode.alive(on.old(), doomed));
    List<Pod> current = OnNode.alive(on.current(), doomed);
    List<Pod> old = OnNode.alive(on.old(), doomed);
    if (!current.isEmpty()
        && !old.isEmpty()
        && (!Pods.isReady(old.getFirst()) || isAvailable(current.getFirst()))) {
      delete(old.getFirst(), "the new one takes its place");
    }
  }

  private void keepFirst(List<Pod> alive) {
    alive.stream().skip(1).forEach(pod -> delete(pod, "a second one on its node"));
  }

  private void replaceOld() {
    Replacement next =
        surge() > 0
            ? Replacement.bySurge(byNode.values(), doomed, this::isAvailable, surge())
            : Replacement.byUnavailability(
                byNode.values(),
                doomed,
                this::isAvailable,
                Share.ceil(rolling().maxUnavailable(), desired, 1));
    next.goes().forEach(pod -> delete(pod, "its template is old"));
    next.comes().forEach(node -> create(node, "its template is old"));
  }

  private boolean isAvailable(Pod pod) {
    return Pods.isAvailable(pod, set.spec().minReadySecondsOr(0), now);
  }

  private int surge() {
    return Share.ceil(rolling().maxSurge(), desired, 0);
  }

  private RollingUpdateDaemonSet rolling() {
    var strategy = set.spec().updateStrategy();
    return strategy == null || strategy.rollingUpdate() == null
        ? RollingUpdateDaemonSet.EMPTY
        : strategy.rollingUpdate();
  }

  private void create(String node, String reason) {
    if (created == BURST) {
      return;
    }
    created++;
    PodTemplateSpec template = set.spec().template();
    Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
    labels.put(History.HASH, hash);
    String count = set.metadata().annotations().get("deprecated.daemonset.template.generation");
    labels.put("pod-template-generation", count == null ? "1" : count);
    ObjectMeta meta = template.metadata().withLabels(labels);
    PodTemplateSpec placed =
        template.withMetadata(meta).withSpec(Placement.on(template.spec(), node));
    plan.add(new Change.Create<>(Types.POD, Pods.fromTemplate(placed, set), set, reason));
  }

  private void delete(Pod pod, String reason) {
    if (!Pods.isTerminating(pod) && doomed.add(pod.metadata().uidOr(""))) {
      plan.add(Change.deleteFor(Types.POD, pod, set, reason));
    }
  }

  private DaemonSetStatus status() {
    int scheduled = 0;
    int misscheduled = 0;
    int ready = 0;
    int available = 0;
    int updated = 0;
    for (OnNode on : byNode.values()) {
      List<Pod> there = on.all().stream().filter(p -> !Pods.isTerminating(p)).toList();
      if (!on.runs()) {
        misscheduled += on.node().isPresent() && !there.isEmpty() ? 1 : 0;
        continue;
      }
      scheduled += there.isEmpty() ? 0 : 1;
      ready += there.stream().anyMatch(Pods::isReady) ? 1 : 0;
      available += there.stream().anyMatch(this::isAvailable) ? 1 : 0;
      updated += there.stream().anyMatch(this::isCurrent) ? 1 : 0;
    }
    return set.status()
        .withDesiredNumberScheduled(desired)
        .withCurrentNumberScheduled(scheduled)
        .withNumberMisscheduled(misscheduled)
        .withNumberReady(ready)
        .withNumberAvailable(Count.orAbsent(available))
        .withNumberUnavailable(Count.orAbsent(desired - available))
        .withUpdatedNumberScheduled(Count.orAbsent(updated))
        .withObservedGeneration(set.metadata().generation());
  }

  private List<Notice> notices(List<Pod> owned) {
    Trouble trouble = Trouble.of(owned, Set.of(), now);
    trouble.again().ifPresent(plan::againAfter);
    List<Notice> notices = new ArrayList<>(trouble.notices());
    seen.rivals().ifPresent(notices::add);
    noNodeFits().ifPresent(notices::add);
    return notices;
  }

  private Optional<Notice> noNodeFits() {
    if (desired > 0 || seen.nodes().isEmpty()) {
      return Optional.empty();
    }
    Placement.Fit fit = Placement.Fit.of(set.spec().template().spec());
    long tainted = seen.nodes().stream().filter(fit::isSelected).count();
    return Optional.of(
        new Notice(
            Notice.NO_NODE_FITS,
            "NoNodeFits",
            "none of "
                + seen.nodes().size()
                + " nodes fits: "
                + (seen.nodes().size() - tainted)
                + " are not chosen by nodeName, nodeSelector and affinity, "
                + tainted
                + " have taints that are not tolerated"));
  }

  private static DaemonSetCondition condition(Notice notice, Instant now) {
    return DaemonSetCondition.builder()
        .type(notice.type())
        .status("True")
        .reason(notice.reason())
        .message(notice.message())
        .lastTransitionTime(now)
        .build();
  }
}
