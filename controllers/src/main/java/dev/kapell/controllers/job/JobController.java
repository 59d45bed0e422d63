package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.PodWatch;
import java.time.Instant;
import java.util.Optional;

/** Runs Jobs to their end. */
public final class JobController implements Planner<ObjectKey, Run.Seen> {
  private final Cache<Job> jobs;
  private final PodWatch<Job> pods;

  private JobController(LoopContext context) {
    this.jobs = context.caches().of(Types.JOB);
    this.pods =
        new PodWatch<>(
            context,
            jobs,
            (job, pod) -> Selectors.matches(job.spec().selector(), pod.metadata().labels()));
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    JobController controller = new JobController(context);
    ControlLoop<ObjectKey> loop = context.planned("job", controller);
    controller.pods.feed(loop);
    return loop.start(workers);
  }

  @Override
  public Optional<Run.Seen> observe(ObjectKey key) {
    return jobs.find(key).map(job -> new Run.Seen(job, pods.candidates(job)));
  }

  @Override
  public Plan decide(Run.Seen seen, Instant now) {
    return Run.decide(seen, now);
  }
}
