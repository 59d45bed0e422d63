package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobCondition;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.SuccessPolicyRule;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.base.Backoff;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Claims;
import dev.kapell.controllers.workload.Count;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One decision about one Job. Pure; one use, one thread. */
final class Run {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

  /**
   * What is looked at.
   *
   * @param job empty when it is gone
   * @param pods those that it manages or might adopt
   * @param left those still held back for the counting of a Job that is no more
   */
  record Seen(Optional<Job> job, List<Pod> pods, List<Pod> left) {}

  /** Why a Job ends. */
  private record End(boolean good, String reason, String message) {}

  private final Job job;
  private final Instant now;
  private final List<Pod> pods;
  private final Tally tally;
  private final List<Pod> active;
  private final int terminating;
  private final Plan.Builder plan = new Plan.Builder();
  private JobStatus status;

  private Run(Job job, List<Pod> pods, Instant now) {
    this.job = job;
    this.now = now;
    this.pods = pods;
    this.tally = new Tally(job, pods);
    this.active = pods.stream().filter(Pods::isActive).toList();
    this.terminating =
        (int) pods.stream().filter(p -> Pods.isTerminating(p) && !Pods.isFinished(p)).count();
    this.status = job.status();
  }

  static Plan decide(Seen seen, Instant now) {
    Plan plan = seen.job().map(job -> decide(job, seen.pods(), now)).orElse(Plan.NOTHING);
    List<Change> changes = new ArrayList<>(seen.left().stream().map(JobPods::free).toList());
    changes.addAll(plan.changes());
    return new Plan(changes, plan.again());
  }

  private static Plan decide(Job job, List<Pod> candidates, Instant now) {
    LabelSelector selector = Objects.requireNonNullElse(job.spec().selector(), LabelSelector.EMPTY);
    Claims<Pod> claims = Claims.of(Types.POD, job, selector, candidates);
    if (!claims.changes().isEmpty()) {
      return new Plan.Builder().addAll(claims.changes()).build();
    }
    Run run = new Run(job, claims.owned(), now);
    if (!job.spec().managedByOr("").isEmpty()
        && !job.spec().managedByOr("").equals("kubernetes.io/job-controller")) {
      return Plan.NOTHING;
    }
    return has(job.status(), "Complete") || has(job.status(), "Failed")
        ? run.afterwards()
        : run.step();
  }

  static boolean has(JobStatus status, String type) {
    return status.conditions().stream()
        .anyMatch(c -> c.typeOr("").equals(type) && c.statusOr("").equals("True"));
  }

  /** A finished Job lets its pods go, and goes itself when its time has come. */
  private Plan afterwards() {
    pods.stream().filter(JobPods::isTracked).forEach(p -> plan.add(JobPods.untrack(p)));
    Integer ttl = job.spec().ttlSecondsAfterFinished();
    if (ttl != null && !Pods.isTerminating(job)) {
      Instant finished =
          job.status().conditions().stream()
              .filter(c -> Set.of("Complete", "Failed").contains(c.typeOr("")))
              .map(c -> c.lastTransitionTimeOr(now))
              .findFirst()
              .orElse(now);
      Duration left = Duration.between(now, finished.plusSeconds(ttl));
      if (left.isPositive()) {
        plan.againAfter(left);
      } else {
        plan.add(
            new Change.Delete<>(
                Types.JOB,
                ObjectKey.of(job),
                job.metadata().uidOr(""),
                Change.Propagation.FOREGROUND,
                -1,
                null,
                "finished for " + ttl + " s"));
      }
    }
    return plan.build();
  }

  private Plan step() {
    plan.addAll(tally.untrackings);
    status = tally.into(status);
    if (Pods.isTerminating(job)) {
      pods.stream().filter(JobPods::isTracked).forEach(p -> plan.add(JobPods.untrack(p)));
      return finish(active.size());
    }
    boolean suspended = job.spec().suspendOr(false);
    if (!suspended && status.startTime() == null) {
      status = status.withStartTime(now);
    }
    Optional<End> end = end();
    int left = active.size();
    if (end.isPresent()) {
      left = finishAll(end.get());
    } else if (suspended) {
      suspend();
    } else {
      resume();
      left = manage();
    }
    return finish(left);
  }

  private Plan finish(int activeCount) {
    int ready = (int) active.stream().filter(Pods::isReady).count();
    status =
        status
            .withActive(Count.orAbsent(activeCount))
            .withReady(activeCount == 0 ? 0 : ready)
            .withTerminating(terminating);
    return plan.add(Change.updateStatus(Types.JOB, job, job.withStatus(status), "pods counted"))
        .build();
  }

  private Optional<End> end() {
    Optional<JobCondition> decided =
        status.conditions().stream()
            .filter(c -> Set.of("FailureTarget", "SuccessCriteriaMet").contains(c.typeOr("")))
            .findFirst();
    if (decided.isPresent()) {
      JobCondition c = decided.get();
      boolean good = c.typeOr("").equals("SuccessCriteriaMet");
      return Optional.of(new End(good, c.reasonOr(""), c.messageOr("")));
    }
    if (tally.fatal != null) {
      return Optional.of(new End(false, "PodFailurePolicy", tally.fatal));
    }
    return success().or(this::failure);
  }

  private Optional<End> success() {
    if (job.spec().successPolicy() != null) {
      int index = 0;
      for (SuccessPolicyRule rule : job.spec().successPolicy().rules()) {
        if (isMet(rule)) {
          String message = "Matched rules at index " + index;
          return Optional.of(new End(true, "SuccessPolicy", message));
        }
        index++;
      }
    }
    Integer completions = job.spec().completions();
    boolean reached =
        completions == null
            ? tally.succeeded() > 0 && active.isEmpty()
            : tally.succeeded() >= completions;
    return reached
        ? Optional.of(
            new End(true, "CompletionsReached", "Reached expected number of succeeded pods"))
        : Optional.empty();
  }

  private boolean isMet(SuccessPolicyRule rule) {
    NavigableSet<Integer> wanted = Indexes.parse(rule.succeededIndexesOr(""));
    Integer count = rule.succeededCount();
    if (wanted.isEmpty()) {
      return count != null && tally.completed.size() >= count;
    }
    wanted.retainAll(tally.completed);
    int all = Indexes.parse(rule.succeededIndexesOr("")).size();
    return wanted.size() >= (count == null ? all : count);
  }

  private Optional<End> failure() {
    Long deadline = job.spec().activeDeadlineSeconds();
    if (deadline != null && status.startTime() != null && !job.spec().suspendOr(false)) {
      Duration left = Duration.between(now, status.startTimeOr(now).plusSeconds(deadline));
      if (!left.isPositive()) {
        return Optional.of(
            new End(false, "DeadlineExceeded", "Job was active longer than specified deadline"));
      }
      plan.againAfter(left);
    }
    int limit = job.spec().backoffLimitOr(6);
    if (tally.failed() > limit || isPastRestarts(limit)) {
      return Optional.of(
          new End(false, "BackoffLimitExceeded", "Job has reached the specified backoff limit"));
    }
    if (job.spec().backoffLimitPerIndex() == null) {
      return Optional.empty();
    }
    Integer mostFailed = job.spec().maxFailedIndexes();
    if (mostFailed != null && tally.failedIndexes.size() > mostFailed) {
      return Optional.of(
          new End(
              false,
              "MaxFailedIndexesExceeded",
              "Job has exceeded the specified maximal number of failed indexes"));
    }
    int finished = tally.failedIndexes.size() + tally.completed.size();
    return !tally.failedIndexes.isEmpty() && finished >= job.spec().completionsOr(0)
        ? Optional.of(new End(false, "FailedIndexes", "Job has failed indexes"))
        : Optional.empty();
  }

  /** With OnFailure the containers are restarted in place, and those restarts count. */
  private boolean isPastRestarts(int limit) {
    if (!job.spec().template().spec().restartPolicyOr("").equals("OnFailure")) {
      return false;
    }
    int restarts = 0;
    for (Pod pod : pods) {
      if (Set.of("Running", "Pending").contains(Pods.phase(pod))) {
        restarts += restarts(pod.status().initContainerStatuses());
        restarts += restarts(pod.status().containerStatuses());
      }
    }
    return limit == 0 ? restarts > 0 : restarts >= limit;
  }

  private static int restarts(List<ContainerStatus> statuses) {
    return statuses.stream().mapToInt(s -> s.restartCountOr(0)).sum();
  }

  /** The remaining pods go first; when every end is counted the Job is over. */
  private int finishAll(End end) {
    active.forEach(p -> plan.add(Change.deleteFor(Types.POD, p, job, end.message())));
    String interim = end.good() ? "SuccessCriteriaMet" : "FailureTarget";
    set(interim, true, end.reason(), end.message());
    boolean over = active.isEmpty() && terminating == 0 && tally.isSettled();
    if (over) {
      set(end.good() ? "Complete" : "Failed", true, end.reason(), end.message());
      if (end.good()) {
        status = status.withCompletionTime(now);
      }
      plan.add(
          end.good()
              ? Change.tell(job, "Completed", "Job completed")
              : Change.warn(job, end.reason(), end.message()));
    }
    return 0;
  }

  private void suspend() {
    active.forEach(p -> plan.addAll(JobPods.drop(job, p, "suspended")));
    if (!has(status, "Suspended")) {
      set("Suspended", true, "JobSuspended", "Job suspended");
      plan.add(Change.tell(job, "Suspended", "Job suspended"));
    }
    status = status.withStartTime(null);
  }

  private void resume() {
    if (has(status, "Suspended")) {
      set("Suspended", false, "JobResumed", "Job resumed");
      status = status.withStartTime(now);
      plan.add(Change.tell(job, "Resumed", "Job resumed"));
    }
  }

  /** As many pods as are wanted now; returns how many there will be. */
  private int manage() {
    int parallelism = job.spec().parallelismOr(1);
    Integer completions = job.spec().completions();
    int wanted;
    if (completions == null) {
      wanted = tally.succeeded() > 0 ? Math.min(active.size(), parallelism) : parallelism;
    } else {
      int open = completions - tally.succeeded() - tally.failedIndexes.size();
      wanted = Math.min(parallelism, Math.max(0, open));
    }
    if (active.size() > wanted) {
      active.stream()
          .sorted(
              Comparator.comparing(Pods::isReady)
                  .thenComparing(
                      p -> p.metadata().creationTimestampOr(now), Comparator.reverseOrder()))
          .limit(active.size() - wanted)
          .forEach(p -> plan.addAll(JobPods.drop(job, p, "wants " + wanted)));
      return wanted;
    }
    boolean waitsForEnds = JobPods.replacesOnlyFailed(job);
    int missing = wanted - active.size() - (waitsForEnds ? terminating : 0);
    Optional<Duration> wait = waitAfterFailure();
    if (missing <= 0) {
      return active.size();
    }
    if (wait.isPresent() && job.spec().backoffLimitPerIndex() == null) {
      plan.againAfter(wait.get());
      return active.size();
    }
    return active.size() + create(missing, waitsForEnds);
  }

  private int create(int missing, boolean waitsForEnds) {
    String reason = "wants " + missing + " more";
    if (!JobPods.isIndexed(job)) {
      for (int i = 0; i < missing; i++) {
        plan.add(JobPods.create(job, OptionalInt.empty(), 0, reason));
      }
      return missing;
    }
    Set<Integer> taken = new HashSet<>(tally.completed);
    taken.addAll(tally.failedIndexes);
    for (Pod pod : pods) {
      boolean there =
          Pods.isActive(pod) || (waitsForEnds && Pods.isTerminating(pod) && !Pods.isFinished(pod));
      if (there) {
        JobPods.index(pod).ifPresent(taken::add);
      }
    }
    int made = 0;
    for (int index = 0; index < job.spec().completionsOr(0) && made < missing; index++) {
      if (!taken.contains(index)) {
        int failures = tally.failuresByIndex.getOrDefault(index, 0);
        plan.add(JobPods.create(job, OptionalInt.of(index), failures, reason));
        made++;
      }
    }
    return made;
  }

  /** After failures the next pod waits, longer each time; a success in between ends that. */
  private Optional<Duration> waitAfterFailure() {
    int inARow = 0;
    Instant last = Instant.EPOCH;
    Instant lastGood = Instant.EPOCH;
    for (Pod pod : pods) {
      Instant end = ended(pod);
      if (Pods.phase(pod).equals("Succeeded") && end.isAfter(lastGood)) {
        lastGood = end;
      }
    }
    for (Pod pod : pods) {
      Instant end = ended(pod);
      if (Pods.phase(pod).equals("Failed") && end.isAfter(lastGood)) {
        inARow++;
        last = end.isAfter(last) ? end : last;
      }
    }
    Duration left = Duration.between(now, last.plus(BACKOFF.after(inARow)));
    return inARow > 0 && left.isPositive() ? Optional.of(left) : Optional.empty();
  }

  private Instant ended(Pod pod) {
    Instant latest = Instant.EPOCH;
    List<ContainerStatus> statuses = new ArrayList<>(pod.status().containerStatuses());
    for (ContainerStatus container : statuses) {
      var state = container.state();
      if (state != null && state.terminated() != null) {
        Instant at = state.terminated().finishedAtOr(Instant.EPOCH);
        latest = at.isAfter(latest) ? at : latest;
      }
    }
    return latest.equals(Instant.EPOCH) ? pod.metadata().creationTimestampOr(now) : latest;
  }

  private void set(String type, boolean holds, String reason, @Nullable String message) {
    String wanted = holds ? "True" : "False";
    List<JobCondition> conditions = new ArrayList<>();
    for (JobCondition condition : status.conditions()) {
      if (condition.typeOr("").equals(type)) {
        if (condition.statusOr("").equals(wanted)) {
          return;
        }
      } else {
        conditions.add(condition);
      }
    }
    conditions.add(
        JobCondition.builder()
            .type(type)
            .status(wanted)
            .reason(reason)
            .message(message)
            .lastProbeTime(now)
            .lastTransitionTime(now)
            .build());
    status = status.withConditions(conditions);
  }
}
