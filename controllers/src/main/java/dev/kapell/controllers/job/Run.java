package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobCondition;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Claims;
import dev.kapell.controllers.workload.Count;
import dev.kapell.controllers.workload.DeletionOrder;
import dev.kapell.controllers.workload.Notices;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One decision about one Job. Pure; one use, one thread. */
final class Run {
  /** So many pods are made or deleted in one go. */
  private static final int BURST = 500;

  private static final Notices<JobCondition> NOTICES =
      new Notices<>(
          c -> c.typeOr(""),
          c -> c.reasonOr(""),
          (notice, now) -> condition(notice.type(), true, notice.reason(), notice.message(), now));

  /**
   * What is looked at.
   *
   * @param job empty when it is gone
   * @param pods those that it manages or might adopt
   * @param left those still held back for the counting of a Job that is no more
   */
  record Seen(Optional<Job> job, List<Pod> pods, List<Pod> left) {}

  private final Job job;
  private final Instant now;
  private final List<Pod> pods;
  private final Tally tally;
  private final List<Pod> active;
  private final int terminating;
  private final Plan.Builder plan = new Plan.Builder();
  private final Set<String> dropped = new HashSet<>();
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
    boolean over = has(job.status(), "Complete") || has(job.status(), "Failed");
    if (JobPods.isManagedElsewhere(job)) {
      return over ? Expiry.decide(job, List.of(), now) : Plan.NOTHING;
    }
    LabelSelector selector = Objects.requireNonNullElse(job.spec().selector(), LabelSelector.EMPTY);
    Claims<Pod> claims = Claims.of(Types.POD, job, selector, candidates);
    if (!claims.changes().isEmpty()) {
      return new Plan.Builder().addAll(claims.changes()).build();
    }
    return over
        ? Expiry.decide(job, claims.owned(), now)
        : new Run(job, claims.owned(), now).step();
  }

  static boolean has(JobStatus status, String type) {
    return status.conditions().stream()
        .anyMatch(c -> c.typeOr("").equals(type) && c.statusOr("").equals("True"));
  }

  private Plan step() {
    if (Pods.isTerminating(job)) {
      pods.stream().filter(JobPods::isTracked).forEach(p -> plan.add(JobPods.untrack(p)));
      return finish(active.size());
    }
    boolean suspended = job.spec().suspendOr(false);
    if (!suspended && status.startTime() == null) {
      status = status.withStartTime(now);
    }
    Optional<Ending> ending = Ending.of(job, status, tally, pods, now);
    int left = active.size();
    if (ending.isEmpty()) {
      Ending.untilDeadline(job, status, now).ifPresent(plan::againAfter);
      left = suspended ? drop(active, "suspended") : manage();
      if (Ending.isComplete(job, tally, left)) {
        ending = Optional.of(Ending.COMPLETIONS);
      } else {
        tellSuspension(suspended);
      }
    }
    tally.note(ending);
    plan.addAll(tally.untrackings());
    status = tally.into(status);
    if (ending.isPresent()) {
      left = end(ending.get());
    }
    return finish(left);
  }

  private Plan finish(int activeCount) {
    int ready = (int) active.stream().filter(Pods::isReady).count();
    Trouble trouble = Trouble.of(pods, Set.of(JobPods.FINALIZER), now);
    trouble.again().ifPresent(plan::againAfter);
    plan.addAll(NOTICES.news(job, trouble.notices(), status.conditions()));
    status =
        status
            .withActive(Count.orAbsent(activeCount))
            .withReady(activeCount == 0 ? 0 : ready)
            .withTerminating(terminating)
            .withConditions(NOTICES.among(status.conditions(), trouble.notices(), now));
    return plan.add(Change.updateStatus(Types.JOB, job, job.withStatus(status), "pods counted"))
        .build();
  }

  /** The remaining pods go first; when every end is counted the Job is over. */
  private int end(Ending ending) {
    if (ending.good()) {
      drop(active, ending.message());
    } else {
      active.forEach(p -> plan.add(Change.deleteFor(Types.POD, p, job, ending.message())));
    }
    String interim = ending.good() ? "SuccessCriteriaMet" : "FailureTarget";
    set(interim, true, ending.reason(), ending.message());
    if (active.isEmpty() && terminating == 0 && tally.isSettled()) {
      set(ending.good() ? "Complete" : "Failed", true, ending.reason(), ending.message());
      tellEnd(ending);
    }
    return 0;
  }

  private void tellEnd(Ending ending) {
    if (!ending.good()) {
      plan.add(Change.warn(job, ending.reason(), ending.message()));
      return;
    }
    status = status.withCompletionTime(now);
    if (tally.succeeded() > job.spec().completionsOr(Integer.MAX_VALUE)) {
      plan.add(
          Change.warn(
              job,
              "TooManySucceededPods",
              "Too many succeeded pods running after completion count reached"));
    }
    plan.add(Change.tell(job, "Completed", "Job completed"));
  }

  /** A Job that stands still has no start: its clock begins anew, and its template may change. */
  private void tellSuspension(boolean suspended) {
    if (suspended) {
      status = status.withStartTime(null);
    }
    if (suspended && !has(status, "Suspended")) {
      set("Suspended", true, "JobSuspended", "Job suspended");
      plan.add(Change.tell(job, "Suspended", "Job suspended"));
    } else if (!suspended && has(status, "Suspended")) {
      set("Suspended", false, "JobResumed", "Job resumed");
      status = status.withStartTime(now);
      plan.add(Change.tell(job, "Resumed", "Job resumed"));
    }
  }

  /** Pods that are not wanted any more go, and their end is not counted; returns what is left. */
  private int drop(List<Pod> unwanted, String reason) {
    for (Pod pod : unwanted) {
      if (dropped.add(pod.metadata().uidOr(""))) {
        plan.addAll(JobPods.drop(job, pod, reason));
      }
    }
    return active.size() - dropped.size();
  }

  /** As many pods as are wanted now; returns how many there will be. */
  private int manage() {
    int wanted = wanted();
    List<Pod> unwanted = unwanted(active.size() - wanted);
    if (!unwanted.isEmpty()) {
      return drop(unwanted, "wants " + wanted + " pods");
    }
    active.stream()
        .filter(pod -> pod.spec().nodeNameOr("").isEmpty())
        .forEach(pod -> Batch.resize(pod, job, wanted).ifPresent(plan::add));
    boolean waitsForEnds = JobPods.replacesOnlyFailed(job);
    int missing = wanted - active.size() - (waitsForEnds ? terminating : 0);
    if (missing <= 0) {
      return active.size();
    }
    String reason = "wants " + wanted + " pods, has " + active.size();
    if (JobPods.isIndexed(job)) {
      return active.size() + createIndexed(Math.min(missing, BURST), waitsForEnds, reason);
    }
    return active.size() + (waits() ? 0 : createPlain(Math.min(missing, BURST), reason));
  }

  private int wanted() {
    int parallelism = job.spec().parallelismOr(1);
    Integer completions = job.spec().completions();
    if (completions == null) {
      return tally.succeeded() > 0 ? active.size() : parallelism;
    }
    int open = completions - tally.succeeded() - tally.failedIndexes().size();
    return Math.min(parallelism, Math.max(0, open));
  }

  /** First those without a valid index or with one that another has, then the least useful. */
  private List<Pod> unwanted(int atLeast) {
    List<Pod> misplaced = new ArrayList<>();
    List<Pod> rest = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    for (Pod pod : DeletionOrder.of(active, now).reversed()) {
      boolean hasPlace =
          !JobPods.isIndexed(job)
              || (JobPods.hasValidIndex(job, pod) && taken.add(JobPods.index(pod).orElseThrow()));
      (hasPlace ? rest : misplaced).add(pod);
    }
    int more = Math.max(0, atLeast - misplaced.size());
    misplaced.addAll(rest.reversed().subList(0, Math.min(more, rest.size())));
    return misplaced.subList(0, Math.min(BURST, misplaced.size()));
  }

  private boolean waits() {
    Optional<Duration> wait = Pace.wait(job, pods, now);
    wait.ifPresent(plan::againAfter);
    return wait.isPresent();
  }

  private int createPlain(int missing, String reason) {
    for (int i = 0; i < missing; i++) {
      plan.add(JobPods.create(job, wanted(), reason));
    }
    return missing;
  }

  private int createIndexed(int missing, boolean waitsForEnds, String reason) {
    boolean eachByItself = job.spec().backoffLimitPerIndex() != null;
    if (!eachByItself && waits()) {
      return 0;
    }
    Set<Integer> taken = taken(waitsForEnds);
    Map<Integer, Pod> lastFailed = tally.lastFailed();
    int made = 0;
    for (int index = 0; index < job.spec().completionsOr(0) && made < missing; index++) {
      if (taken.contains(index)) {
        continue;
      }
      @Nullable Pod before = lastFailed.get(index);
      Optional<Duration> wait = before == null ? Optional.empty() : Pace.waitAfter(before, now);
      if (wait.isPresent()) {
        plan.againAfter(wait.get());
      } else {
        plan.add(JobPods.createIndexed(job, wanted(), index, before, reason));
        made++;
      }
    }
    return made;
  }

  private Set<Integer> taken(boolean waitsForEnds) {
    Set<Integer> taken = new HashSet<>(tally.completed());
    taken.addAll(tally.failedIndexes());
    for (Pod pod : pods) {
      boolean ending = Pods.isTerminating(pod) && !Pods.isFinished(pod);
      if (Pods.isActive(pod) || (waitsForEnds && ending)) {
        JobPods.index(pod).ifPresent(taken::add);
      }
    }
    return taken;
  }

  private void set(String type, boolean holds, String reason, String message) {
    List<JobCondition> conditions = new ArrayList<>();
    for (JobCondition condition : status.conditions()) {
      if (!condition.typeOr("").equals(type)) {
        conditions.add(condition);
      } else if (condition.statusOr("").equals(holds ? "True" : "False")) {
        return;
      }
    }
    conditions.add(condition(type, holds, reason, message, now));
    status = status.withConditions(conditions);
  }

  private static JobCondition condition(
      String type, boolean holds, String reason, String message, Instant now) {
    return JobCondition.builder()
        .type(type)
        .status(holds ? "True" : "False")
        .reason(reason)
        .message(message)
        .lastProbeTime(now)
        .lastTransitionTime(now)
        .build();
  }
}
