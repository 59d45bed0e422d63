package dev.kapell.controllers.cronjob;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.CronJob;
import dev.kapell.api.batch.v1.CronJobStatus;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobTemplateSpec;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.cron.CronSchedule;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One decision about one CronJob. Pure; one use, one thread. */
final class Due {
  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  /** More missed times than this are reported, and not walked through one by one. */
  private static final int MOST_MISSED = 100;

  /** A CronJob and the Jobs that it made. */
  record Seen(CronJob cron, List<Job> jobs) {}

  private final CronJob cron;
  private final List<Job> jobs;
  private final Instant now;
  private final Plan.Builder plan = new Plan.Builder();
  private final List<Job> running;
  private CronJobStatus status;

  private Due(Seen seen, Instant now) {
    this.cron = seen.cron();
    this.jobs = seen.jobs();
    this.now = now;
    this.running = jobs.stream().filter(this::runs).toList();
    this.status = cron.status();
  }

  /** A Job that a person made from this CronJob runs beside: it blocks nothing. */
  private boolean runs(Job job) {
    boolean own =
        job.metadata().annotations().containsKey(SCHEDULED)
            || cron.status().active().stream().anyMatch(r -> isOf(r, job));
    return own && finished(job).isEmpty();
  }

  private static boolean isOf(ObjectReference reference, Job job) {
    return reference.uidOr("").equals(job.metadata().uidOr("?"));
  }

  /** What to tell when a Job could not be made. */
  static Plan refused(Seen seen, Change change, ApiFailure why) {
    return change instanceof Change.Create<?> create && !why.isConflict()
        ? Plan.of(
            Change.warn(
                seen.cron(),
                "FailedCreate",
                "Error creating job "
                    + create.object().metadata().nameOr("")
                    + ": "
                    + why.getMessage()))
        : Plan.NOTHING;
  }

  static Plan decide(Seen seen, Instant now) {
    Due due = new Due(seen, now);
    due.run();
    CronJob told = seen.cron().withStatus(due.status);
    return due.plan
        .add(Change.updateStatus(Types.CRON_JOB, seen.cron(), told, "jobs counted"))
        .build();
  }

  private void run() {
    tidy();
    noteActive();
    if (Pods.isTerminating(cron) || cron.spec().suspendOr(false)) {
      return;
    }
    Optional<CronSchedule> schedule = schedule();
    if (schedule.isEmpty()) {
      return;
    }
    Optional<Instant> next = schedule.get().next(last(), now);
    if (next.isEmpty()) {
      plan.add(
          Change.warn(
              cron,
              "NoNextTime",
              "schedule \"" + cron.spec().scheduleOr("") + "\" names a date that never comes"));
      return;
    }
    latestMissed(schedule.get()).ifPresent(at -> start(at, schedule.get().zone()));
    plan.againAfter(Duration.between(now, next.get()));
  }

  private Optional<CronSchedule> schedule() {
    String zone = cron.spec().timeZoneOr("");
    try {
      return Optional.of(CronSchedule.parse(cron.spec().scheduleOr(""), zone));
    } catch (CronSchedule.UnknownZone e) {
      plan.add(Change.warn(cron, "UnknownTimeZone", "invalid timeZone: " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      plan.add(Change.warn(cron, "UnparseableSchedule", "unparseable schedule: " + e.getMessage()));
    }
    return Optional.empty();
  }

  /** The latest time up to now that has not been served; those before it are given up. */
  private Optional<Instant> latestMissed(CronSchedule schedule) {
    Instant last = last();
    Long deadline = cron.spec().startingDeadlineSeconds();
    Instant oldest = deadline == null ? last : now.minusSeconds(deadline);
    if (hasManyMissed(schedule, oldest.isAfter(last) ? oldest : last)) {
      plan.add(
          Change.warn(
              cron,
              "TooManyMissedTimes",
              "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or"
                  + " check clock skew"));
    }
    return schedule.latest(last, now).filter(at -> !at.isBefore(oldest));
  }

  /** When it was last served, or made. */
  private Instant last() {
    Instant created = cron.metadata().creationTimestampOr(now);
    Instant last = status.lastScheduleTimeOr(created);
    return last.isBefore(created) ? created : last;
  }

  private boolean hasManyMissed(CronSchedule schedule, Instant from) {
    Optional<Instant> next = schedule.after(from);
    for (int missed = 0; missed < MOST_MISSED; missed++) {
      if (next.isEmpty() || next.get().isAfter(now)) {
        return false;
      }
      next = schedule.after(next.get());
    }
    return next.isPresent() && !next.get().isAfter(now);
  }

  private void start(Instant at, ZoneId zone) {
    String name = jobName(at);
    if (jobs.stream().anyMatch(job -> job.metadata().nameOr("").equals(name))) {
      status = status.withLastScheduleTime(at);
      return;
    }
    switch (cron.spec().concurrencyPolicyOr("Allow")) {
      case "Forbid" -> {
        if (!running.isEmpty()) {
          plan.add(
              Change.tell(
                  cron,
                  "JobAlreadyActive",
                  "Not starting job because prior execution is running and concurrency policy is"
                      + " Forbid"));
          return;
        }
      }
      case "Replace" -> running.forEach(job -> delete(job, "replaced by the next"));
      default -> {}
    }
    plan.add(Change.create(Types.JOB, job(at.atZone(zone), name), "scheduled for " + at));
    plan.add(Change.tell(cron, "SuccessfulCreate", "Created job " + name));
    status = status.withLastScheduleTime(at);
  }

  /** The minute is in the name, so that no time is served twice. */
  private String jobName(Instant at) {
    return cron.metadata().nameOr("") + "-" + at.getEpochSecond() / 60;
  }

  private Job job(ZonedDateTime at, String name) {
    JobTemplateSpec template = cron.spec().jobTemplate();
    if (template == null) {
      template = JobTemplateSpec.EMPTY;
    }
    Map<String, String> annotations = new LinkedHashMap<>(template.metadata().annotations());
    annotations.put(SCHEDULED, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at));
    return Job.builder()
        .metadata(
            ObjectMeta.builder()
                .name(name)
                .namespace(cron.metadata().namespace())
                .labels(template.metadata().labels())
                .annotations(annotations)
                .ownerReferences(List.of(Owners.reference(cron)))
                .build())
        .spec(template.spec())
        .build();
  }

  private void noteActive() {
    tellEnds();
    List<ObjectReference> active = new ArrayList<>();
    for (Job job : running) {
      active.add(
          ObjectReference.builder()
              .apiVersion("batch/v1")
              .kind("Job")
              .namespace(job.metadata().namespace())
              .name(job.metadata().name())
              .uid(job.metadata().uid())
              .resourceVersion(known(job))
              .build());
    }
    status = status.withActive(active);
    jobs.stream()
        .filter(job -> "Complete".equals(finished(job).orElse("")))
        .map(job -> job.status().completionTimeOr(Instant.EPOCH))
        .max(Instant::compareTo)
        .filter(at -> at.isAfter(status.lastSuccessfulTimeOr(Instant.EPOCH)))
        .ifPresent(at -> status = status.withLastSuccessfulTime(at));
  }

  private void tellEnds() {
    for (ObjectReference known : cron.status().active()) {
      Optional<Job> job = jobs.stream().filter(j -> isOf(known, j)).findFirst();
      if (job.isEmpty()) {
        plan.add(
            Change.tell(
                cron,
                "MissingJob",
                "Active job went missing: " + known.namespaceOr("") + "/" + known.nameOr("")));
      } else {
        finished(job.get())
            .ifPresent(
                end ->
                    plan.add(
                        Change.tell(
                            cron,
                            "SawCompletedJob",
                            "Saw completed job: " + known.nameOr("") + ", condition: " + end)));
      }
    }
  }

  /** The revision at which it was first noted; a later one would be a write for nothing. */
  private @Nullable String known(Job job) {
    return cron.status().active().stream()
        .filter(r -> isOf(r, job))
        .findFirst()
        .map(ObjectReference::resourceVersion)
        .orElse(job.metadata().resourceVersion());
  }

  private void tidy() {
    keepNewest("Complete", cron.spec().successfulJobsHistoryLimitOr(3));
    keepNewest("Failed", cron.spec().failedJobsHistoryLimitOr(1));
  }

  private void keepNewest(String end, int limit) {
    List<Job> ended =
        jobs.stream()
            .filter(job -> finished(job).orElse("").equals(end))
            .sorted(
                Comparator.comparing(
                    (Job job) -> job.status().startTimeOr(Instant.EPOCH),
                    Comparator.reverseOrder()))
            .toList();
    ended.stream().skip(limit).forEach(job -> delete(job, "over the history limit"));
  }

  private void delete(Job job, String reason) {
    if (Pods.isTerminating(job)) {
      return;
    }
    plan.add(
        new Change.Delete<>(
            Types.JOB,
            ObjectKey.of(job),
            job.metadata().uidOr(""),
            Change.Propagation.BACKGROUND,
            -1,
            null,
            reason));
    plan.add(Change.tell(cron, "SuccessfulDelete", "Deleted job " + job.metadata().nameOr("")));
  }

  /** Complete or Failed; empty while it runs. */
  private static Optional<String> finished(Job job) {
    return job.status().conditions().stream()
        .filter(c -> c.statusOr("").equals("True"))
        .map(c -> c.typeOr(""))
        .filter(type -> type.equals("Complete") || type.equals("Failed"))
        .findFirst();
  }
}
