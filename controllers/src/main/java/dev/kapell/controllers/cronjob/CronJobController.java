package dev.kapell.controllers.cronjob;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.CronJob;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.workload.Owners;
import java.time.Instant;
import java.util.Optional;

/** Makes Jobs when their time has come. */
public final class CronJobController implements Planner<ObjectKey, Due.Seen> {
  private final Cache<CronJob> crons;
  private final Cache<Job> jobs;
  private final Index<Job, String> jobsByManager;

  private CronJobController(LoopContext context) {
    this.crons = context.caches().of(Types.CRON_JOB);
    this.jobs = context.caches().of(Types.JOB);
    this.jobsByManager = jobs.index(Indexes.BY_CONTROLLER_UID);
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    CronJobController controller = new CronJobController(context);
    ControlLoop<ObjectKey> loop = context.planned("cronjob", controller);
    controller.crons.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.jobs.onChange(
        (before, after) -> {
          Job job = after == null ? before : after;
          if (job != null) {
            Owners.controllerOf(job)
                .filter(reference -> reference.kindOr("").equals("CronJob"))
                .map(r -> new ObjectKey(job.metadata().namespaceOr(""), r.nameOr("")))
                .ifPresent(loop::add);
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<Due.Seen> observe(ObjectKey key) {
    return crons
        .find(key)
        .map(cron -> new Due.Seen(cron, jobsByManager.get(cron.metadata().uidOr("?"))));
  }

  @Override
  public Plan decide(Due.Seen seen, Instant now) {
    return Due.decide(seen, now);
  }

  @Override
  public Plan refused(Due.Seen seen, Change change, ApiFailure why, Instant now) {
    return Due.refused(seen, change, why);
  }
}
