package dev.kapell.controllers.job;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.UncountedTerminatedPods;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.workload.Count;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Job's ends so far: those in the status and those still only on pods. Pure; one use, one thread.
 */
final class Tally {
  private final Job job;
  private final Set<String> uncountedSucceeded;
  private final Set<String> uncountedFailed;
  private int succeeded;
  private int failed;
  final NavigableSet<Integer> completed;
  final NavigableSet<Integer> failedIndexes;

  /** How often each index has failed, from the pods that are there. */
  final Map<Integer, Integer> failuresByIndex = new TreeMap<>();

  final List<Change> untrackings = new ArrayList<>();
  @Nullable String fatal;

  Tally(Job job, List<Pod> pods) {
    this.job = job;
    JobStatus status = job.status();
    UncountedTerminatedPods uncounted = status.uncountedTerminatedPods();
    this.uncountedSucceeded =
        new LinkedHashSet<>(uncounted == null ? List.of() : uncounted.succeeded());
    this.uncountedFailed = new LinkedHashSet<>(uncounted == null ? List.of() : uncounted.failed());
    this.completed = Indexes.parse(status.completedIndexesOr(""));
    this.failedIndexes = Indexes.parse(status.failedIndexesOr(""));
    this.succeeded = status.succeededOr(0);
    this.failed = status.failedOr(0);
    Map<String, Pod> byUid = new HashMap<>();
    pods.forEach(pod -> byUid.put(pod.metadata().uidOr(""), pod));
    settle(byUid);
    pods.forEach(this::add);
  }

  /** What is noted and no longer tracked on a pod goes into the numbers. */
  private void settle(Map<String, Pod> pods) {
    succeeded += settle(uncountedSucceeded, pods);
    failed += settle(uncountedFailed, pods);
  }

  private static int settle(Set<String> uids, Map<String, Pod> pods) {
    int before = uids.size();
    uids.removeIf(
        uid -> {
          Pod pod = pods.get(uid);
          return pod == null || !JobPods.isTracked(pod);
        });
    return before - uids.size();
  }

  private void add(Pod pod) {
    boolean ended = Pods.isFinished(pod);
    if (!ended && !isLost(pod)) {
      return;
    }
    String uid = pod.metadata().uidOr("");
    boolean good = Pods.phase(pod).equals("Succeeded");
    FailurePolicy.Ruling ruling = good ? FailurePolicy.Ruling.COUNT : FailurePolicy.of(job, pod);
    if (JobPods.isIndexed(job)) {
      JobPods.index(pod).ifPresent(index -> addIndex(index, pod, good, ruling));
    }
    if (ruling.action().equals("FailJob")) {
      fatal = ruling.message();
    }
    if (!JobPods.isTracked(pod)) {
      return;
    }
    boolean noted = uncountedSucceeded.contains(uid) || uncountedFailed.contains(uid);
    if (ruling.action().equals("Ignore") || noted) {
      untrackings.add(JobPods.untrack(pod));
    }
    if (!noted && !ruling.action().equals("Ignore")) {
      (good ? uncountedSucceeded : uncountedFailed).add(uid);
    }
  }

  /**
   * A pod that somebody has deleted counts as failed at once, since it may never get to say so;
   * under the policy to replace only what has failed, when its node has let go of it.
   */
  private boolean isLost(Pod pod) {
    if (!Pods.isTerminating(pod)) {
      return false;
    }
    boolean released = pod.metadata().deletionGracePeriodSecondsOr(1L) == 0;
    return released || !JobPods.replacesOnlyFailed(job);
  }

  private void addIndex(int index, Pod pod, boolean good, FailurePolicy.Ruling ruling) {
    if (good) {
      if (index < job.spec().completionsOr(0)) {
        completed.add(index);
        failedIndexes.remove(index);
      }
      return;
    }
    if (job.spec().backoffLimitPerIndex() == null || ruling.action().equals("Ignore")) {
      return;
    }
    int failures = JobPods.failures(pod) + 1;
    failuresByIndex.merge(index, failures, Math::max);
    boolean over = failures > job.spec().backoffLimitPerIndexOr(Integer.MAX_VALUE);
    if ((over || ruling.action().equals("FailIndex")) && !completed.contains(index)) {
      failedIndexes.add(index);
    }
  }

  /** All that have succeeded; for an indexed Job the indexes. */
  int succeeded() {
    return JobPods.isIndexed(job) ? completed.size() : succeeded + uncountedSucceeded.size();
  }

  int failed() {
    return failed + uncountedFailed.size();
  }

  /** Whether every end is in the numbers. */
  boolean isSettled() {
    return uncountedSucceeded.isEmpty() && uncountedFailed.isEmpty();
  }

  JobStatus into(JobStatus status) {
    boolean indexed = JobPods.isIndexed(job);
    String completedText = Indexes.format(completed);
    int told = indexed ? completed.size() : succeeded;
    return status
        .withSucceeded(Count.orAbsent(told))
        .withFailed(Count.orAbsent(failed))
        .withCompletedIndexes(completedText.isEmpty() ? null : completedText)
        .withFailedIndexes(
            job.spec().backoffLimitPerIndex() == null ? null : Indexes.format(failedIndexes))
        .withUncountedTerminatedPods(
            UncountedTerminatedPods.builder()
                .succeeded(List.copyOf(uncountedSucceeded))
                .failed(List.copyOf(uncountedFailed))
                .build());
  }
}
