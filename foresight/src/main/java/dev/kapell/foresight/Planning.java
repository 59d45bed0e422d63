package dev.kapell.foresight;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.CronJob;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.controllers.rehearsal.Rehearsal;
import dev.kapell.scheduler.Foresight;
import dev.kapell.scheduler.Stage;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One plan: controllers decide, pods are placed, until nothing happens any more. What cannot be
 * placed waits, as it would in the cluster. One thread, one use.
 */
final class Planning {
  /** Nothing that comes to rest takes longer; who asks for more is told so. */
  private static final int MOST_ROUNDS = 20_000;

  private static final int MOST_PODS = 50_000;

  private final Caches caches;
  private final Wanted wanted;
  private final Trial trial;
  private final Rehearsal rehearsal;
  private final Stage stage;
  private final Outcomes outcomes = new Outcomes();
  private final Cache<Pod> pods;
  private int placed;

  Planning(Foresight foresight, Caches caches, Wanted wanted, Trial trial, Instant now) {
    this.caches = caches;
    this.wanted = wanted;
    this.trial = trial;
    this.pods = caches.of(Types.POD);
    this.rehearsal = new Rehearsal(caches.of(Types.NODE).all(), now, this::admit);
    this.stage =
        foresight.stage(
            key ->
                rehearsal.claim(key).or(() -> caches.of(Types.PERSISTENT_VOLUME_CLAIM).find(key)));
  }

  Outcomes run() throws InterruptedException {
    bringWhatIsThere();
    for (ApiObject object : wanted.objects()) {
      switch (object) {
        case Pod pod -> bare(pod);
        case CronJob job ->
            outcomes.note(job, "runs by its schedule: " + job.spec().scheduleOr(""));
        default -> {
          if (Rehearsal.knows(object)) {
            outcomes.workload(object);
            rehearsal.put(object);
          }
        }
      }
    }
    try {
      rehearse();
    } catch (ApiFailure e) {
      outcomes.refusal(String.valueOf(e.getMessage()));
    }
    resettle();
    return outcomes;
  }

  /** What the controllers would see besides: of the namespaces that are touched. */
  private void bringWhatIsThere() {
    Set<String> namespaces = new LinkedHashSet<>();
    wanted.objects().forEach(object -> namespaces.add(object.metadata().namespaceOr("")));
    for (String namespace : namespaces) {
      pods.in(namespace).forEach(rehearsal::there);
      caches.of(Types.REPLICA_SET).in(namespace).forEach(rehearsal::there);
      caches.of(Types.CONTROLLER_REVISION).in(namespace).forEach(rehearsal::there);
      caches.of(Types.PERSISTENT_VOLUME_CLAIM).in(namespace).forEach(rehearsal::there);
    }
  }

  private Pod admit(Pod pod) {
    if (++placed > MOST_PODS) {
      throw new IllegalStateException("a plan makes at most " + MOST_PODS + " pods");
    }
    return trial.admit(pod);
  }

  private void bare(Pod pod) throws InterruptedException {
    boolean isThere = pods.find(ObjectKey.of(pod)).isPresent();
    outcomes.workload(pod);
    if (!isThere) {
      place(trial.admit(pod), pod);
    }
  }

  private void rehearse() throws InterruptedException {
    for (int i = 0; i < MOST_ROUNDS; i++) {
      Rehearsal.Round round = rehearsal.round();
      round
          .deleted()
          .forEach(
              pod -> {
                stage.remove(pod);
                outcomes.deleted(rehearsal.madeFor(pod), pod);
              });
      for (Pod pod : round.created()) {
        place(pod, rehearsal.madeFor(pod));
      }
      if (!round.changed()) {
        return;
      }
    }
    outcomes.refusal("the plan does not come to rest within " + MOST_ROUNDS + " rounds");
  }

  private void place(Pod pod, ApiObject madeFor) throws InterruptedException {
    switch (stage.place(pod)) {
      case Stage.Outcome.Lands lands -> {
        Pod bound = pod.withSpec(pod.spec().withNodeName(lands.node()));
        rehearsal.started(bound);
        outcomes.lands(madeFor, bound);
        evict(lands.evicted(), madeFor);
      }
      case Stage.Outcome.Stays stays -> outcomes.stays(madeFor, pod, stays.why());
    }
  }

  private void evict(List<Pod> victims, ApiObject winner) {
    for (Pod victim : victims) {
      rehearsal.gone(victim);
      outcomes.evicted(victim, winner);
    }
  }

  /** Who was evicted, and is made anew by a controller outside of the plan, looks for a place. */
  private void resettle() throws InterruptedException {
    for (Pod victim : outcomes.evictedByOthers()) {
      Pod again =
          victim
              .withMetadata(victim.metadata().withUid(victim.metadata().uidOr("") + "-again"))
              .withSpec(victim.spec().withNodeName(null));
      if (stage.place(again) instanceof Stage.Outcome.Lands lands && lands.evicted().isEmpty()) {
        outcomes.resettled(victim, lands.node());
      }
    }
  }
}
