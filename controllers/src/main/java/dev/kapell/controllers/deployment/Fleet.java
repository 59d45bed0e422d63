package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.ReplicaSetCondition;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Deployment's ReplicaSets, sorted out. Immutable.
 *
 * @param current the one with the Deployment's template, if there is one
 * @param old all others, oldest first
 */
record Fleet(Deployment deployment, Optional<ReplicaSet> current, List<ReplicaSet> old) {
  /** The label that tells the pods of one ReplicaSet from those of another. */
  static final String HASH = "pod-template-hash";

  static final Comparator<ReplicaSet> OLDEST_FIRST =
      Comparator.comparing((ReplicaSet set) -> set.metadata().creationTimestampOr(Instant.EPOCH))
          .thenComparing(set -> set.metadata().nameOr(""));

  Fleet {
    old = List.copyOf(old);
  }

  static Fleet of(Deployment deployment, List<ReplicaSet> owned) {
    List<ReplicaSet> sorted = new ArrayList<>(owned);
    sorted.sort(OLDEST_FIRST);
    PodTemplateSpec wanted = withoutHash(deployment.spec().template());
    Optional<ReplicaSet> current =
        sorted.stream().filter(s -> withoutHash(s.spec().template()).equals(wanted)).findFirst();
    current.ifPresent(sorted::remove);
    return new Fleet(deployment, current, sorted);
  }

  /** Every one of them. */
  List<ReplicaSet> all() {
    List<ReplicaSet> all = new ArrayList<>(old);
    current.ifPresent(all::add);
    return all;
  }

  /** The old ones that still want pods. */
  List<ReplicaSet> activeOld() {
    return old.stream().filter(Fleet::isActive).toList();
  }

  /** The sum of what they want. */
  int wantedPods() {
    return all().stream().mapToInt(Fleet::wanted).sum();
  }

  /** The sum of what is available. */
  int availablePods() {
    return all().stream().mapToInt(Fleet::available).sum();
  }

  /** The sum of what is available and will stay. */
  int stayingPods() {
    return all().stream().mapToInt(Fleet::staying).sum();
  }

  /**
   * The available pods of {@code set} that its present size lets stay: right after it has been
   * scaled down its status still counts those that are about to go, and they must not be counted
   * on.
   */
  static int staying(ReplicaSet set) {
    return Math.min(available(set), wanted(set));
  }

  /** What its ReplicaSets say stands in their way, the current one first. */
  List<Notice> notices() {
    Map<String, Notice> byType = new LinkedHashMap<>();
    for (ReplicaSet set : all().reversed()) {
      for (ReplicaSetCondition condition : set.status().conditions()) {
        String type = condition.typeOr("");
        if (type.equals(Notice.PODS_UNSCHEDULABLE) || type.equals(Notice.PODS_HELD)) {
          byType.putIfAbsent(
              type, new Notice(type, condition.reasonOr(""), condition.messageOr("")));
        }
      }
    }
    return List.copyOf(byType.values());
  }

  static boolean isActive(ReplicaSet set) {
    return wanted(set) > 0 && !Pods.isTerminating(set);
  }

  static int wanted(ReplicaSet set) {
    return set.spec().replicasOr(1);
  }

  static int available(ReplicaSet set) {
    return set.status().availableReplicasOr(0);
  }

  static PodTemplateSpec withoutHash(PodTemplateSpec template) {
    ObjectMeta meta = template.metadata();
    if (!meta.labels().containsKey(HASH)) {
      return template;
    }
    Map<String, String> labels = new LinkedHashMap<>(meta.labels());
    labels.remove(HASH);
    return template.withMetadata(meta.withLabels(labels));
  }
}
