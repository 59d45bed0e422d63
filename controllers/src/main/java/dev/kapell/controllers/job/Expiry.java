package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A Job that is over lets its pods go, and goes itself when its time has come. Pure. */
final class Expiry {
  private static final Set<String> ENDS = Set.of("Complete", "Failed");

  private Expiry() {}

  static Plan decide(Job job, List<Pod> pods, Instant now) {
    Plan.Builder plan = new Plan.Builder();
    pods.stream().filter(JobPods::isTracked).forEach(p -> plan.add(JobPods.untrack(p)));
    Integer seconds = job.spec().ttlSecondsAfterFinished();
    if (seconds == null || Pods.isTerminating(job)) {
      return plan.build();
    }
    Duration left = Duration.between(now, finished(job, now).plusSeconds(seconds));
    return left.isPositive()
        ? plan.againAfter(left).build()
        : plan.add(deletion(job, "finished for " + seconds + " s")).build();
  }

  private static Instant finished(Job job, Instant now) {
    return job.status().conditions().stream()
        .filter(c -> ENDS.contains(c.typeOr("")) && c.statusOr("").equals("True"))
        .map(c -> c.lastTransitionTimeOr(now))
        .findFirst()
        .orElse(now);
  }

  private static Change deletion(Job job, String reason) {
    return new Change.Delete<>(
        Types.JOB,
        ObjectKey.of(job),
        job.metadata().uidOr(""),
        Change.Propagation.FOREGROUND,
        -1,
        null,
        reason);
  }
}
