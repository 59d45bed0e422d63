package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.PodWatch;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs Jobs to their end. */
public final class JobController implements Planner<ObjectKey, Run.Seen> {
  private final PodWatch<Job> pods;
  private final Index<Pod, ObjectKey> held;

  /**
   * Pods with the tracking finalizer by the Job that they say manages them; those that nobody
   * manages are under the empty name.
   */
  private static final Index.Keys<Pod, ObjectKey> HELD_BY_JOB = JobController::holder;

  private JobController(LoopContext context) {
    this.held = context.caches().of(Types.POD).index(HELD_BY_JOB);
    this.pods = PodWatch.bySelector(context, Types.JOB, job -> job.spec().selector());
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    JobController controller = new JobController(context);
    ControlLoop<ObjectKey> loop = context.planned("job", controller);
    controller.pods.feed(loop);
    context
        .caches()
        .of(Types.POD)
        .onChange(
            (_, after) -> {
              if (after != null
                  && JobPods.isTracked(after)
                  && Owners.controllerOf(after).isEmpty()) {
                loop.add(new ObjectKey(after.metadata().namespaceOr(""), ""));
              }
            });
    return loop.start(workers);
  }

  private static List<ObjectKey> holder(Pod pod) {
    if (!JobPods.isTracked(pod)) {
      return List.of();
    }
    String namespace = pod.metadata().namespaceOr("");
    Optional<OwnerReference> manager = Owners.controllerOf(pod);
    if (manager.isEmpty()) {
      return List.of(new ObjectKey(namespace, ""));
    }
    return manager.get().kindOr("").equals(Types.JOB.kind())
        ? List.of(new ObjectKey(namespace, manager.get().nameOr("")))
        : List.of();
  }

  @Override
  public Optional<Run.Seen> observe(ObjectKey key) {
    Optional<Job> job = pods.owners().find(key);
    List<Pod> left = left(key, job.map(j -> j.metadata().uidOr("?")).orElse("?"));
    if (job.isEmpty() && left.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Run.Seen(job, job.map(pods::candidates).orElse(List.of()), left));
  }

  /** Pods that are held back for the counting of a Job that is no more. */
  private List<Pod> left(ObjectKey key, String uid) {
    return held.get(key).stream()
        .filter(
            pod ->
                key.name().isEmpty()
                    ? pods.owners().in(key.namespace()).stream()
                        .noneMatch(job -> mayAdopt(job, pod))
                    : !Owners.controllerUid(pod).equals(uid))
        .toList();
  }

  private static boolean mayAdopt(Job job, Pod pod) {
    return !Pods.isTerminating(job)
        && Selectors.matches(job.spec().selector(), pod.metadata().labels());
  }

  @Override
  public Plan decide(Run.Seen seen, Instant now) {
    return Run.decide(seen, now);
  }
}
