package dev.kapell.foresight;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.foresight.Foreseer;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.scheduler.Foresight;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.scheduler.why.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API server asks about the scheduler's mind. Thread-safe. */
public final class Foreseeing implements Foreseer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<ResourceType<?>> SEEN =
      List.of(
          Types.NODE,
          Types.POD,
          Types.REPLICA_SET,
          Types.CONTROLLER_REVISION,
          Types.PERSISTENT_VOLUME_CLAIM,
          Types.PERSISTENT_VOLUME,
          Types.NAMESPACE);

  private final Foresight foresight;
  private final Caches caches;
  private final Clock clock;

  /** Answers for the scheduler of {@code options}, from its caches. */
  public Foreseeing(SchedulerOptions options) {
    this.foresight = new Foresight(options);
    this.caches = options.context().caches();
    this.clock = options.context().clock();
    SEEN.forEach(caches::of);
  }

  /** An answer from half of the picture would be wrong. */
  private void awaitPicture() {
    try {
      if (caches.awaitSynced(PATIENCE)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw unavailable("the server has not read all objects yet; ask again in a moment");
  }

  private static ApiFailure unavailable(String message) {
    return new ApiFailure(
        Status.builder()
            .status("Failure")
            .code(503)
            .reason("ServiceUnavailable")
            .message(message)
            .build());
  }

  @Override
  public Optional<Map<String, Object>> why(ObjectKey pod, boolean seesNodes) {
    awaitPicture();
    return foresight
        .why(pod)
        .map(report -> seesNodes ? report : report.withoutNodes())
        .map(Report::tree);
  }

  @Override
  public Map<String, Object> plan(List<Map<String, Object>> objects, Admitting admission) {
    awaitPicture();
    Wanted wanted = Wanted.of(objects);
    Trial trial = new Trial(wanted, admission);
    try {
      return new Planning(foresight, caches, wanted, trial, clock.now()).run().tree();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("the server is closing");
    }
  }

  @Override
  public List<Map<String, Object>> queues(boolean seesPods) {
    awaitPicture();
    return foresight.queues().stream().map(standing -> standing.tree(seesPods)).toList();
  }
}
