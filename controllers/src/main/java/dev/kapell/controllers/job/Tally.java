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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Job's ends so far: those in the status and those still only on pods. Pure; one use, one thread.
 *
 * <pre>
 *   new Tally ─▶ numbers, to decide with ─▶ note(…) ─▶ untrackings and the status
 * </pre>
 */
final class Tally {
  /** So many ends are noted at most, so that the status stays small. */
  private static final int MOST_NOTED = 500;

  private final Job job;
  private final List<Pod> pods;
  private final Set<String> notedSucceeded;
  private final Set<String> notedFailed;
  private final NavigableSet<Integer> told;
  private final NavigableSet<Integer> completed;
  private final NavigableSet<Integer> failedIndexes;
  private final Map<Integer, Pod> lastFailed = new TreeMap<>();
  private final List<Change> untrackings = new ArrayList<>();
  private int succeeded;
  private int failed;
  private int freshSucceeded;
  private int freshFailed;
  private boolean full;
  private Optional<String> fatal = Optional.empty();

  Tally(Job job, List<Pod> pods) {
    this.job = job;
    this.pods = pods;
    JobStatus status = job.status();
    UncountedTerminatedPods noted = status.uncountedTerminatedPods();
    this.notedSucceeded = new LinkedHashSet<>(noted == null ? List.of() : noted.succeeded());
    this.notedFailed = new LinkedHashSet<>(noted == null ? List.of() : noted.failed());
    this.told = valid(status.completedIndexesOr(""));
    this.completed = valid(status.completedIndexesOr(""));
    this.failedIndexes = valid(status.failedIndexesOr(""));
    this.succeeded = status.succeededOr(0);
    this.failed = status.failedOr(0);
    settle();
    pods.forEach(this::count);
    findLastFailed();
  }

  /** A Job may have been made smaller: what lies beyond counts no more. */
  private NavigableSet<Integer> valid(String text) {
    NavigableSet<Integer> indexes = Indexes.parse(text);
    indexes.tailSet(job.spec().completionsOr(0), true).clear();
    return indexes;
  }

  /** What is noted and no longer tracked on a pod goes into the numbers. */
  private void settle() {
    Set<String> tracked = new HashSet<>();
    for (Pod pod : pods) {
      if (JobPods.isTracked(pod)) {
        tracked.add(uid(pod));
      }
    }
    int before = notedSucceeded.size();
    notedSucceeded.retainAll(tracked);
    succeeded += before - notedSucceeded.size();
    before = notedFailed.size();
    notedFailed.retainAll(tracked);
    failed += before - notedFailed.size();
  }

  private void count(Pod pod) {
    boolean isFailed = JobPods.isFailed(job, pod);
    FailurePolicy.Ruling ruling =
        isFailed ? FailurePolicy.of(job, pod) : FailurePolicy.Ruling.COUNT;
    if (ruling.action().equals("FailJob") && fatal.isEmpty()) {
      fatal = Optional.of(ruling.message());
    }
    if (!JobPods.isTracked(pod) || !hasPlace(pod)) {
      return;
    }
    if (isGood(pod)) {
      freshSucceeded += notedSucceeded.contains(uid(pod)) ? 0 : 1;
      index(pod).ifPresent(completed::add);
    } else if (isFailed) {
      boolean counts = !ruling.action().equals("Ignore") && !notedFailed.contains(uid(pod));
      freshFailed += counts ? 1 : 0;
      if (isIndexFailed(pod, ruling)) {
        index(pod).ifPresent(failedIndexes::add);
      }
    }
  }

  private boolean isIndexFailed(Pod pod, FailurePolicy.Ruling ruling) {
    return job.spec().backoffLimitPerIndex() != null
        && !ruling.action().equals("Ignore")
        && (ruling.action().equals("FailIndex")
            || JobPods.failures(pod) >= job.spec().backoffLimitPerIndexOr(Integer.MAX_VALUE));
  }

  /**
   * With a limit for each index, the last failed pod of an index that is to be tried again keeps
   * its finalizer until the next pod is there: it alone knows how often the index has failed.
   */
  private void findLastFailed() {
    if (job.spec().backoffLimitPerIndex() == null) {
      return;
    }
    Set<Integer> done = new HashSet<>(completed);
    done.addAll(failedIndexes);
    for (Pod pod : pods) {
      if (Pods.isActive(pod)) {
        index(pod).ifPresent(done::add);
      }
    }
    for (Pod pod : pods) {
      OptionalInt index = index(pod);
      if (index.isPresent()
          && hasPlace(pod)
          && !done.contains(index.getAsInt())
          && JobPods.isTracked(pod)
          && JobPods.isFailed(job, pod)) {
        lastFailed.merge(index.getAsInt(), pod, Tally::later);
      }
    }
  }

  private static Pod later(Pod a, Pod b) {
    int failuresA = JobPods.failures(a) + JobPods.ignoredFailures(a);
    return failuresA > JobPods.failures(b) + JobPods.ignoredFailures(b) ? a : b;
  }

  /**
   * Notes further ends, and lets pods go whose end has been noted before.
   *
   * @param ending why the Job ends now; a pod that still runs when a Job fails has failed too
   */
  void note(Optional<Ending> ending) {
    for (Pod pod : pods) {
      if (full) {
        return;
      }
      if (JobPods.isTracked(pod)) {
        note(pod, ending);
      }
    }
  }

  private void note(Pod pod, Optional<Ending> ending) {
    boolean lost = JobPods.isFailed(job, pod) || notedFailed.contains(uid(pod));
    if (isGood(pod)) {
      boolean byIndex = JobPods.isIndexed(job);
      boolean known =
          byIndex
              ? !hasPlace(pod) || told.contains(index(pod).orElse(-1))
              : notedSucceeded.contains(uid(pod));
      release(pod, known, byIndex ? null : notedSucceeded);
    } else if (ending.isEmpty() && isHeld(pod)) {
      return;
    } else if (lost || ending.map(e -> !e.good()).orElse(false)) {
      boolean ignored =
          !hasPlace(pod) || (lost && FailurePolicy.of(job, pod).action().equals("Ignore"));
      release(pod, ignored || notedFailed.contains(uid(pod)), notedFailed);
    } else if (ending.isPresent() && !Pods.isActive(pod)) {
      untrackings.add(JobPods.untrack(pod)); // it is on its way out, and nobody waits for it
    }
  }

  private boolean isHeld(Pod pod) {
    OptionalInt index = index(pod);
    return index.isPresent() && pod.equals(lastFailed.get(index.getAsInt()));
  }

  private void release(Pod pod, boolean known, @Nullable Set<String> notes) {
    if (known) {
      untrackings.add(JobPods.untrack(pod));
    } else if (notes != null) {
      notes.add(uid(pod));
      full = notedSucceeded.size() + notedFailed.size() >= MOST_NOTED;
    }
  }

  private static String uid(Pod pod) {
    return pod.metadata().uidOr("");
  }

  private boolean isGood(Pod pod) {
    return Pods.phase(pod).equals("Succeeded") && !notedFailed.contains(uid(pod));
  }

  private OptionalInt index(Pod pod) {
    return JobPods.isIndexed(job) ? JobPods.index(pod) : OptionalInt.empty();
  }

  /** An indexed Job counts only pods with an index of its own. */
  private boolean hasPlace(Pod pod) {
    return !JobPods.isIndexed(job) || JobPods.hasValidIndex(job, pod);
  }

  /** All that have succeeded; for an indexed Job the indexes. */
  int succeeded() {
    return JobPods.isIndexed(job)
        ? completed.size()
        : succeeded + notedSucceeded.size() + freshSucceeded;
  }

  /** All that have failed, but for those that the policy ignores. */
  int failed() {
    return failed + notedFailed.size() + freshFailed;
  }

  NavigableSet<Integer> completed() {
    return completed;
  }

  NavigableSet<Integer> failedIndexes() {
    return failedIndexes;
  }

  /** The last failed pod of each index that is to be tried again. */
  Map<Integer, Pod> lastFailed() {
    return new HashMap<>(lastFailed);
  }

  /** Why a pod's end is the end of the Job. */
  Optional<String> fatal() {
    return fatal;
  }

  /** Pods whose end has been noted. */
  List<Change> untrackings() {
    return untrackings;
  }

  /** Whether every end is in the numbers. */
  boolean isSettled() {
    return !full && notedSucceeded.isEmpty() && notedFailed.isEmpty();
  }

  JobStatus into(JobStatus status) {
    String completedText = Indexes.format(completed);
    return status
        .withSucceeded(Count.orAbsent(JobPods.isIndexed(job) ? completed.size() : succeeded))
        .withFailed(Count.orAbsent(failed))
        .withCompletedIndexes(completedText.isEmpty() ? null : completedText)
        .withFailedIndexes(
            job.spec().backoffLimitPerIndex() == null ? null : Indexes.format(failedIndexes))
        .withUncountedTerminatedPods(
            UncountedTerminatedPods.builder()
                .succeeded(List.copyOf(notedSucceeded))
                .failed(List.copyOf(notedFailed))
                .build());
  }
}
