package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.CronJob;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.sim.story.Moment;
import dev.kapell.store.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A CronJob serves each of its times at most once, does not start beside a running job where that
 * is forbidden, starts nothing while it is suspended, and in the end keeps no more jobs than its
 * history may have.
 */
final class ScheduleKept implements Law {
  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  private record Served(String cron, String time) {}

  private final Set<Served> served = new HashSet<>();
  private final Window<CronJob> before = new Window<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment.before(CronJob.class).ifPresent(cron -> before.add(scene.now(), cron));
    Optional<Job> job = moment.after(Job.class);
    if (job.isEmpty() || moment.kind() != Event.Kind.CREATED) {
      return;
    }
    String owner = Facts.manager(job.get());
    scene.picture().all(Types.CRON_JOB).stream()
        .filter(cron -> Facts.uid(cron).equals(owner))
        .findFirst()
        .ifPresent(cron -> started(cron, job.get(), scene));
  }

  private void started(CronJob cron, Job job, Scene scene) {
    String name = "job " + job.metadata().name() + " of " + cron.metadata().name();
    String time = job.metadata().annotations().getOrDefault(SCHEDULED, "");
    if (!served.add(new Served(Facts.uid(cron), time))) {
      scene.broken(this, name + " serves " + time + " once more");
    }
    boolean wasAllowed =
        before
            .since(scene.now().minus(scene.slack()))
            .anyMatch(c -> Facts.uid(c).equals(Facts.uid(cron)) && !c.spec().suspendOr(false));
    if (cron.spec().suspendOr(false) && !wasAllowed) {
      scene.broken(this, name + " is started, which is suspended");
    }
    boolean forbids = cron.spec().concurrencyPolicyOr("").equals("Forbid");
    long running = jobs(cron, scene).stream().filter(j -> end(j).isEmpty()).count();
    if (forbids && running > 1) {
      scene.broken(this, name + " is started beside " + (running - 1) + " others");
    }
  }

  private static List<Job> jobs(CronJob cron, Scene scene) {
    return scene.picture().all(Types.JOB).stream()
        .filter(job -> Facts.manager(job).equals(Facts.uid(cron)))
        .toList();
  }

  /** Complete or Failed; empty while it runs. */
  private static String end(Job job) {
    return job.status().conditions().stream()
        .filter(c -> c.statusOr("").equals("True"))
        .map(c -> c.typeOr(""))
        .filter(type -> type.equals("Complete") || type.equals("Failed"))
        .findFirst()
        .orElse("");
  }

  @Override
  public void atRest(Scene scene) {
    for (CronJob cron : scene.picture().all(Types.CRON_JOB)) {
      List<String> ends = jobs(cron, scene).stream().map(ScheduleKept::end).toList();
      check(cron, ends, "Complete", cron.spec().successfulJobsHistoryLimitOr(3), scene);
      check(cron, ends, "Failed", cron.spec().failedJobsHistoryLimitOr(1), scene);
    }
  }

  private void check(CronJob cron, List<String> ends, String end, int most, Scene scene) {
    long kept = ends.stream().filter(end::equals).count();
    if (kept > most) {
      scene.broken(
          this,
          cron.metadata().name()
              + " keeps "
              + kept
              + " jobs that are "
              + end
              + ", at most "
              + most);
    }
  }
}
