package dev.kapell.controllers.job;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobCondition;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.batch.v1.SuccessPolicyRule;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/**
 * Why a Job ends: what was decided before stays decided; else the first of pod failure policy,
 * back-off limit, deadline, failed indexes and success policy. That enough pods have succeeded is
 * looked at last, when no pod runs any more. Pure.
 */
record Ending(boolean good, String reason, String message) {
  static final Ending COMPLETIONS =
      new Ending(true, "CompletionsReached", "Reached expected number of succeeded pods");

  static Optional<Ending> of(Job job, JobStatus status, Tally tally, List<Pod> pods, Instant now) {
    return decided(status, "SuccessCriteriaMet")
        .or(() -> decided(status, "FailureTarget"))
        .or(() -> tally.fatal().map(why -> new Ending(false, "PodFailurePolicy", why)))
        .or(() -> limit(job, tally, pods))
        .or(() -> deadline(job, status, now))
        .or(() -> indexes(job, tally))
        .or(() -> policy(job, tally));
  }

  /** Enough have succeeded and none is running. */
  static boolean isComplete(Job job, Tally tally, int active) {
    Integer completions = job.spec().completions();
    return active == 0
        && (completions == null ? tally.succeeded() > 0 : tally.succeeded() >= completions);
  }

  /** How long until the deadline; empty when there is none or the clock stands still. */
  static Optional<Duration> untilDeadline(Job job, JobStatus status, Instant now) {
    Long deadline = job.spec().activeDeadlineSeconds();
    Instant started = status.startTime();
    if (deadline == null || started == null || job.spec().suspendOr(false)) {
      return Optional.empty();
    }
    return Optional.of(Duration.between(now, started.plusSeconds(deadline)));
  }

  private static Optional<Ending> decided(JobStatus status, String type) {
    return status.conditions().stream()
        .filter(c -> c.typeOr("").equals(type) && c.statusOr("").equals("True"))
        .findFirst()
        .map(
            (JobCondition c) ->
                new Ending(!type.equals("FailureTarget"), c.reasonOr(""), c.messageOr("")));
  }

  private static Optional<Ending> limit(Job job, Tally tally, List<Pod> pods) {
    int limit = job.spec().backoffLimitOr(6);
    return tally.failed() > limit || isPastRestarts(job, pods, limit)
        ? Optional.of(
            new Ending(
                false, "BackoffLimitExceeded", "Job has reached the specified backoff limit"))
        : Optional.empty();
  }

  private static Optional<Ending> deadline(Job job, JobStatus status, Instant now) {
    return untilDeadline(job, status, now)
        .filter(left -> !left.isPositive())
        .map(
            left ->
                new Ending(
                    false, "DeadlineExceeded", "Job was active longer than specified deadline"));
  }

  private static Optional<Ending> indexes(Job job, Tally tally) {
    if (!JobPods.isIndexed(job) || job.spec().backoffLimitPerIndex() == null) {
      return Optional.empty();
    }
    int failed = tally.failedIndexes().size();
    Integer most = job.spec().maxFailedIndexes();
    if (most != null && failed > most) {
      return Optional.of(
          new Ending(
              false,
              "MaxFailedIndexesExceeded",
              "Job has exceeded the specified maximal number of failed indexes"));
    }
    return failed > 0 && failed + tally.completed().size() >= job.spec().completionsOr(0)
        ? Optional.of(new Ending(false, "FailedIndexes", "Job has failed indexes"))
        : Optional.empty();
  }

  private static Optional<Ending> policy(Job job, Tally tally) {
    if (job.spec().successPolicy() == null || !JobPods.isIndexed(job)) {
      return Optional.empty();
    }
    int index = 0;
    for (SuccessPolicyRule rule : job.spec().successPolicy().rules()) {
      if (isMet(rule, tally.completed())) {
        return Optional.of(new Ending(true, "SuccessPolicy", "Matched rules at index " + index));
      }
      index++;
    }
    return Optional.empty();
  }

  private static boolean isMet(SuccessPolicyRule rule, NavigableSet<Integer> completed) {
    String wanted = rule.succeededIndexesOr("");
    Integer count = rule.succeededCount();
    if (wanted.isEmpty()) {
      return count != null && completed.size() >= count;
    }
    return Indexes.countIn(wanted, completed) >= (count == null ? Indexes.count(wanted) : count);
  }

  /** With OnFailure the containers are restarted in place, and those restarts count. */
  private static boolean isPastRestarts(Job job, List<Pod> pods, int limit) {
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
}
