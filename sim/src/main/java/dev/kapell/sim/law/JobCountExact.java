package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.UncountedTerminatedPods;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.sim.story.Moment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A job counts each pod that succeeded once: never more, and in the end never fewer. */
final class JobCountExact implements Law {
  private final Map<String, Set<String>> succeeded = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment
        .after(Pod.class)
        .filter(pod -> pod.status().phaseOr("").equals("Succeeded"))
        .ifPresent(
            pod ->
                succeeded
                    .computeIfAbsent(Facts.manager(pod), _ -> new HashSet<>())
                    .add(Facts.uid(pod)));
    moment.after(Job.class).ifPresent(job -> check(job, scene));
  }

  private int of(Job job) {
    return succeeded.getOrDefault(Facts.uid(job), Set.of()).size();
  }

  private void check(Job job, Scene scene) {
    int counted =
        job.status().succeededOr(0)
            + job.status()
                .uncountedTerminatedPodsOr(UncountedTerminatedPods.EMPTY)
                .succeeded()
                .size();
    if (counted > of(job)) {
      scene.broken(
          this, "job " + job.metadata().name() + " counts " + counted + " successes of " + of(job));
    }
  }

  @Override
  public void atRest(Scene scene) {
    for (Job job : scene.picture().all(Types.JOB)) {
      boolean indexed = job.spec().completionModeOr("").equals("Indexed");
      if (!indexed && job.status().succeededOr(0) != of(job)) {
        scene.broken(
            this,
            "job "
                + job.metadata().name()
                + " counted "
                + job.status().succeededOr(0)
                + " successes of "
                + of(job));
      }
    }
  }
}
