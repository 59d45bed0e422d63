package dev.kapell.controllers.job;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Around;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The next step of a Job, for those who only want to know. Pure. */
public final class JobRehearsal {
  private JobRehearsal() {}

  /** What its controller would do. */
  public static Plan step(Job job, Around around, Instant now) {
    return Run.decide(new Run.Seen(Optional.of(job), around.pods(), List.of()), now);
  }
}
