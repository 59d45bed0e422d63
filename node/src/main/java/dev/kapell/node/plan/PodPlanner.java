package dev.kapell.node.plan;

import dev.kapell.api.core.v1.PodStatus;
import java.time.Instant;
import java.util.Optional;

/** The decision about one pod. Pure. */
public final class PodPlanner {
  private PodPlanner() {}

  /** What to do now, and what the status says now. */
  public static PodPlan decide(PodObserved seen, Instant now) {
    Progress progress = new Progress(seen);
    Optional<Ending> ending = Ending.of(seen, progress, now);
    Draft draft = new Draft(seen, now);
    boolean done = false;
    if (ending.isPresent()) {
      done = new EndPlan(seen, ending.get(), draft).plan();
    } else {
      new RunPlan(seen, progress, draft).plan();
    }
    PodStatuses statuses = new PodStatuses(seen, progress, ending, now);
    statuses.wakeAt().ifPresent(draft::wakeAt);
    PodStatus status = statuses.status();
    if (ending.isEmpty()) {
      // From the start that is being told, too: the API's answer to it wakes nobody.
      Ending.deadline(seen.pod().withStatus(status)).ifPresent(draft::wakeAt);
    }
    return new PodPlan(draft.changes(), ending.isPresent(), status, draft.wakeAt(), done);
  }
}
