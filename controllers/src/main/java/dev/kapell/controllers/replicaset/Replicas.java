package dev.kapell.controllers.replicaset;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.control.loop.Change;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Claims;
import dev.kapell.controllers.workload.DeletionOrder;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a ReplicaSet and a ReplicationController have in common: a number, a selector, a template.
 *
 * @param owner the object that manages the pods
 * @param count how many pods it wants
 */
record Replicas(
    ApiObject owner,
    int count,
    LabelSelector selector,
    PodTemplateSpec template,
    int minReadySeconds) {
  /** At most so many pods are created or deleted in one go. */
  private static final int BURST = 500;

  /**
   * What has to be done, and how it stands.
   *
   * @param changes adoptions, releases, creations and deletions
   * @param trouble what keeps its pods from running or going
   * @param again when the next ready pod becomes available by time alone
   */
  record Decision(List<Change> changes, Counts counts, Trouble trouble, Optional<Duration> again) {}

  /** How it stands, before the changes. */
  record Counts(int replicas, int fullyLabeled, int ready, int available, int terminating) {}

  /**
   * Decides from the pods that it manages or selects.
   *
   * @param related the pods of its owner's other sets, which share nodes with its own
   */
  Decision decide(List<Pod> candidates, List<Pod> related, Instant now) {
    Claims<Pod> claims = Claims.of(Types.POD, owner, selector, candidates);
    List<Pod> active = claims.owned().stream().filter(Pods::isActive).toList();
    List<Change> changes = new ArrayList<>(claims.changes());
    if (!Pods.isTerminating(owner)) {
      int missing = count - active.size();
      if (missing > 0) {
        Change create = create(active.size());
        changes.addAll(Collections.nCopies(Math.min(BURST, missing), create));
      } else if (missing < 0) {
        changes.addAll(deletions(active, related, Math.min(BURST, -missing), now));
      }
    }
    Optional<Duration> again = Pods.nextAvailable(active, minReadySeconds, now);
    Trouble trouble = Trouble.of(claims.owned(), Set.of(), now);
    return new Decision(changes, counts(claims.owned(), active, now), trouble, again);
  }

  private Change create(int have) {
    return new Change.Create<>(
        Types.POD,
        Pods.fromTemplate(template, owner),
        owner,
        "wants " + count + " replicas, has " + have);
  }

  private List<Change> deletions(List<Pod> active, List<Pod> related, int number, Instant now) {
    String reason = "wants " + count + " replicas, has " + active.size();
    List<Pod> all = new ArrayList<>(active);
    related.stream().filter(Pods::isActive).forEach(all::add);
    return DeletionOrder.of(active, all, now).stream()
        .limit(number)
        .map(pod -> Change.deleteFor(Types.POD, pod, owner, reason))
        .toList();
  }

  private Counts counts(List<Pod> owned, List<Pod> active, Instant now) {
    int labeled = 0;
    int ready = 0;
    int available = 0;
    for (Pod pod : active) {
      if (Selectors.includes(pod.metadata().labels(), template.metadata().labels())) {
        labeled++;
      }
      if (Pods.isReady(pod)) {
        ready++;
      }
      if (Pods.isAvailable(pod, minReadySeconds, now)) {
        available++;
      }
    }
    int terminating =
        (int) owned.stream().filter(p -> Pods.isTerminating(p) && !Pods.isFinished(p)).count();
    return new Counts(active.size(), labeled, ready, available, terminating);
  }
}
