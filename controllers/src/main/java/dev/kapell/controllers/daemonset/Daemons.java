package dev.kapell.controllers.daemonset;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.DaemonSet;
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
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Share;
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
import org.jspecify.annotations.Nullable;

/** One decision about one DaemonSet. Pure; one use, one thread. */
final class Daemons {
  /**
   * What is looked at.
   *
   * @param pods those that it manages or might adopt
   * @param waits until when failed pods stay, by uid; those that are not named may go
   */
  record Seen(
      DaemonSet set,
      List<Pod> pods,
      List<Node> nodes,
      List<ControllerRevision> revisions,
      Map<String, Instant> waits) {}

  /** The pods on one node, oldest first. */
  private record OnNode(Optional<Node> node, List<Pod> current, List<Pod> old) {
    boolean isEmpty() {
      return current.isEmpty() && old.isEmpty();
    }

    List<Pod> all() {
      List<Pod> all = new ArrayList<>(current);
      all.addAll(old);
      return all;
    }
  }

  private final DaemonSet set;
  private final Instant now;
  private final Map<String, Instant> waits;
  private final String hash;
  private final Map<String, OnNode> byNode = new LinkedHashMap<>();
  private final Set<String> doomed = new HashSet<>();
  private final Plan.Builder plan = new Plan.Builder();

  private Daemons(Seen seen, List<Pod> owned, Instant now) {
    this.set = seen.set();
    this.now = now;
    this.waits = seen.waits();
    this.hash = History.hash(set.spec().template(), set.status().collisionCountOr(0));
    for (Node node : seen.nodes()) {
      byNode.put(
          node.metadata().nameOr(""),
          new OnNode(Optional.of(node), new ArrayList<>(), new ArrayList<>()));
    }
    owned.stream()
        .sorted(Comparator.comparing(p -> p.metadata().creationTimestampOr(Instant.EPOCH)))
        .forEach(this::sortIn);
  }

  private void sortIn(Pod pod) {
    OnNode on =
        byNode.computeIfAbsent(
            Placement.nodeOf(pod),
            n -> new OnNode(Optional.empty(), new ArrayList<>(), new ArrayList<>()));
    (isCurrent(pod) ? on.current() : on.old()).add(pod);
  }

  private boolean isCurrent(Pod pod) {
    return hash.equals(pod.metadata().labels().get(History.HASH));
  }

  static Plan decide(Seen seen, Instant now) {
    DaemonSet set = seen.set();
    LabelSelector selector = Objects.requireNonNullElse(set.spec().selector(), LabelSelector.EMPTY);
    Claims<Pod> claims = Claims.of(Types.POD, set, selector, seen.pods());
    Daemons daemons = new Daemons(seen, claims.owned(), now);
    daemons.plan.addAll(claims.changes());
    if (claims.changes().isEmpty()) {
      daemons.run(new History(set, seen.revisions()));
    }
    Pods.nextAvailable(claims.owned(), set.spec().minReadySecondsOr(0), now)
        .ifPresent(daemons.plan::againAfter);
    DaemonSet told = set.withStatus(daemons.status());
    return daemons
        .plan
        .add(Change.updateStatus(Types.DAEMON_SET, set, told, "pods counted"))
        .build();
  }

  private void run(History history) {
    if (Pods.isTerminating(set)) {
      return;
    }
    Map<String, String> labels = set.spec().template().metadata().labels();
    plan.addAll(history.record(set.spec().template(), hash, labels));
    byNode.forEach(this::keepOne);
    String strategy =
        set.spec().updateStrategy() == null
            ? "RollingUpdate"
            : set.spec().updateStrategy().typeOr("RollingUpdate");
    if (strategy.equals("RollingUpdate")) {
      replaceOld();
    }
    Set<String> live = new HashSet<>(Set.of(history.name(hash)));
    byNode.values().stream()
        .flatMap(on -> on.all().stream())
        .map(pod -> history.name(pod.metadata().labels().getOrDefault(History.HASH, "")))
        .forEach(live::add);
    plan.addAll(history.prune(set.spec().revisionHistoryLimitOr(10), live));
  }

  private void keepOne(String name, OnNode on) {
    boolean runs =
        on.node().map(n -> Placement.shouldRun(set.spec().template().spec(), n)).orElse(false);
    boolean stays =
        on.node().map(n -> Placement.mayStay(set.spec().template().spec(), n)).orElse(false);
    if (runs && on.isEmpty()) {
      create(name, "a node without its pod");
      return;
    }
    if (!stays) {
      // Pods whose node object is gone belong to the collector of such pods.
      if (on.node().isPresent()) {
        on.all().forEach(pod -> delete(pod, "does not belong on its node"));
      }
      return;
    }
    for (Pod pod : on.all()) {
      Instant until = waits.getOrDefault(pod.metadata().uidOr(""), now);
      if (Pods.isFinished(pod) && until.isAfter(now)) {
        plan.againAfter(Duration.between(now, until));
      } else if (Pods.isFinished(pod)) {
        plan.add(
            Change.warn(
                set,
                "FailedDaemonPod",
                "Found failed daemon pod "
                    + set.metadata().nameOr("")
                    + "/"
                    + pod.metadata().nameOr("")
                    + " on node "
                    + name
                    + ", will try to kill it"));
        delete(pod, "it has ended");
      }
    }
    keepOldest(on.current());
    keepOldest(on.old());
    if (surge() == 0 && !alive(on.current()).isEmpty()) {
      alive(on.old()).forEach(pod -> delete(pod, "a second one on its node"));
    }
  }

  private void keepOldest(List<Pod> pods) {
    List<Pod> alive = alive(pods);
    for (int i = 1; i < alive.size(); i++) {
      delete(alive.get(i), "a second one on its node");
    }
  }

  private List<Pod> alive(List<Pod> pods) {
    return pods.stream()
        .filter(p -> Pods.isActive(p) && !doomed.contains(p.metadata().uidOr("")))
        .toList();
  }

  private void replaceOld() {
    if (surge() > 0) {
      replaceBySurge();
      return;
    }
    int unavailable = 0;
    List<Pod> broken = new ArrayList<>();
    List<Pod> working = new ArrayList<>();
    for (OnNode on : byNode.values()) {
      if (!isWanted(on)) {
        continue;
      }
      List<Pod> current = alive(on.current());
      List<Pod> old = alive(on.old());
      if (!current.isEmpty()) {
        unavailable += isAvailable(current.getFirst()) ? 0 : 1;
      } else if (old.isEmpty()) {
        unavailable++;
      } else if (isAvailable(old.getFirst())) {
        working.add(old.getFirst());
      } else {
        unavailable++;
        broken.add(old.getFirst());
      }
    }
    broken.forEach(pod -> delete(pod, "its template is old"));
    int most = Math.max(1, share(rolling().maxUnavailable(), 1));
    working.stream()
        .limit(Math.max(0, most - unavailable))
        .forEach(pod -> delete(pod, "its template is old"));
  }

  /** The new pod comes first; the old one goes when the new one is available. */
  private void replaceBySurge() {
    int surging = 0;
    List<String> candidates = new ArrayList<>();
    for (Map.Entry<String, OnNode> entry : byNode.entrySet()) {
      List<Pod> current = alive(entry.getValue().current());
      List<Pod> old = alive(entry.getValue().old());
      if (old.isEmpty() || !isWanted(entry.getValue())) {
        continue;
      }
      if (current.isEmpty()) {
        if (isAvailable(old.getFirst())) {
          candidates.add(entry.getKey());
        } else {
          create(entry.getKey(), "the old one is not available");
        }
      } else if (isAvailable(current.getFirst())) {
        delete(old.getFirst(), "the new one is available");
      } else {
        surging++;
      }
    }
    candidates.stream()
        .limit(Math.max(0, surge() - surging))
        .forEach(node -> create(node, "its template is old"));
  }

  private boolean isWanted(OnNode on) {
    return on.node().map(n -> Placement.shouldRun(set.spec().template().spec(), n)).orElse(false);
  }

  private boolean isAvailable(Pod pod) {
    return Pods.isAvailable(pod, set.spec().minReadySecondsOr(0), now);
  }

  private int surge() {
    return share(rolling().maxSurge(), 0);
  }

  private int share(@Nullable IntOrString share, int absent) {
    int desired = (int) byNode.values().stream().filter(this::isWanted).count();
    return Share.ceil(share, desired, absent);
  }

  private RollingUpdateDaemonSet rolling() {
    var strategy = set.spec().updateStrategy();
    return strategy == null || strategy.rollingUpdate() == null
        ? RollingUpdateDaemonSet.EMPTY
        : strategy.rollingUpdate();
  }

  private void create(String node, String reason) {
    PodTemplateSpec template = set.spec().template();
    Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
    labels.put(History.HASH, hash);
    labels.put("pod-template-generation", Long.toString(set.metadata().generationOr(1L)));
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
    int desired = 0;
    int scheduled = 0;
    int misscheduled = 0;
    int ready = 0;
    int available = 0;
    int updated = 0;
    for (OnNode on : byNode.values()) {
      List<Pod> there = on.all().stream().filter(p -> !Pods.isTerminating(p)).toList();
      if (!isWanted(on)) {
        misscheduled += on.node().isPresent() && !there.isEmpty() ? 1 : 0;
        continue;
      }
      desired++;
      scheduled += there.isEmpty() ? 0 : 1;
      ready += there.stream().anyMatch(Pods::isReady) ? 1 : 0;
      available += there.stream().anyMatch(this::isAvailable) ? 1 : 0;
      updated += there.stream().anyMatch(this::isCurrent) ? 1 : 0;
    }
    int unavailable = desired - available;
    return set.status()
        .withDesiredNumberScheduled(desired)
        .withCurrentNumberScheduled(scheduled)
        .withNumberMisscheduled(misscheduled)
        .withNumberReady(ready)
        .withNumberAvailable(Count.orAbsent(available))
        .withNumberUnavailable(Count.orAbsent(unavailable))
        .withUpdatedNumberScheduled(Count.orAbsent(updated))
        .withObservedGeneration(set.metadata().generation());
  }
}
