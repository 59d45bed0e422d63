package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Binding;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.Preconditions;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.extender.ExtenderException;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.storage.Choice;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The scheduler's writes: bindings, conditions, evictions of victims. Each runs on a virtual thread
 * of its own, so that many of them share one commit of the store; the number under way is bounded,
 * and who submits more waits. Thread-safe.
 */
final class Binder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  /** So often a telling is tried when others write at the same time. */
  private static final int TELLINGS = 4;

  private final LoopContext context;

  /** What is to be told of a pod, by its uid, while that is being written. */
  private final Map<String, UnaryOperator<Pod>> latest = new ConcurrentHashMap<>();

  private final VolumeBinder volumes;
  private final Semaphore slots;
  private final TaskScope scope =
      new TaskScope(
          "binder",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "binding broke task=" + task, cause));

  Binder(LoopContext context, int atOnce) {
    this.context = context;
    this.volumes = new VolumeBinder(context);
    this.slots = new Semaphore(atOnce);
  }

  /**
   * What is to be bound.
   *
   * @param volumes what becomes of its claims first
   */
  record Bound(Pod pod, String node, Choice volumes, Extenders extenders) {}

  /** Binds; {@code ended} hears what came of it, on a thread of the binder's. */
  void bind(Bound bound, Consumer<Optional<ApiFailure>> ended) throws InterruptedException {
    if (bound.volumes().isEmpty()) {
      submit("bind", () -> ended.accept(write(bound)));
    } else {
      // It may take long, so it does not hold up other writes.
      scope.start(
          "volumes",
          () -> {
            Optional<ApiFailure> failure = volumes.bind(bound.pod(), bound.node(), bound.volumes());
            ended.accept(failure.isPresent() ? failure : write(bound));
          });
    }
  }

  private Optional<ApiFailure> write(Bound bound) throws InterruptedException {
    Pod pod = bound.pod();
    ObjectKey key = ObjectKey.of(pod);
    String node = bound.node();
    try {
      if (!bound.extenders().bind(pod, node)) {
        context
            .client()
            .createSubresource(Types.POD, key, "binding", binding(pod, node), Binding.CODEC);
      }
      context
          .events()
          .record(pod, false, "Scheduled", "Successfully assigned " + key + " to " + node);
      return Optional.empty();
    } catch (ExtenderException e) {
      return Optional.of(
          new ApiFailure(
              Status.builder()
                  .status("Failure")
                  .code(503)
                  .reason("ServiceUnavailable")
                  .message(e.getMessage())
                  .build()));
    } catch (ApiFailure e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "binding refused object={0} node={1} cause={2}",
          key,
          node,
          e.getMessage());
      return Optional.of(e);
    }
  }

  private static Binding binding(Pod pod, String node) {
    ObjectMeta meta = pod.metadata();
    return Binding.builder()
        .metadata(
            ObjectMeta.builder()
                .name(meta.name())
                .namespace(meta.namespace())
                .uid(meta.uid())
                .build())
        .target(ObjectReference.builder().apiVersion("v1").kind("Node").name(node).build())
        .build();
  }

  /**
   * Says on the pod why it has no node.
   *
   * @param nominated the node that is being cleared for it, none when empty; absent: as it was
   */
  void explain(Pod pod, String message, Optional<String> nominated) throws InterruptedException {
    context.events().record(pod, true, "FailedScheduling", message);
    Instant now = context.clock().now().truncatedTo(ChronoUnit.SECONDS);
    PodCondition condition =
        PodCondition.builder()
            .type("PodScheduled")
            .status("False")
            .reason("Unschedulable")
            .message(message)
            .lastTransitionTime(now)
            .build();
    UnaryOperator<Pod> telling =
        before -> {
          Pod told = withCondition(before, condition);
          return nominated.isPresent() ? withNominated(told, nominated.get()) : told;
        };
    if (!telling.apply(pod).equals(pod)) {
      String uid = pod.metadata().uidOr("");
      latest.put(uid, telling);
      submit("explain", () -> tell(pod, telling));
    }
  }

  /**
   * Writes what is to be told, also when somebody else wrote in between, unless there is something
   * newer to tell by then.
   */
  private void tell(Pod seen, UnaryOperator<Pod> telling) {
    String uid = seen.metadata().uidOr("");
    Optional<Pod> base = Optional.of(seen);
    for (int i = 0; i < TELLINGS && base.isPresent() && telling.equals(latest.get(uid)); i++) {
      if (updateStatus(telling.apply(base.get()))) {
        break;
      }
      base =
          context
              .client()
              .find(Types.POD, ObjectKey.of(seen))
              .filter(pod -> Intake.isSame(pod, seen) && pod.spec().nodeNameOr("").isEmpty());
    }
    latest.remove(uid, telling);
  }

  private static Pod withNominated(Pod pod, String node) {
    return pod.withStatus(pod.status().withNominatedNodeName(node.isEmpty() ? null : node));
  }

  /** No node is being cleared for the pod any more. */
  void unnominate(Pod pod) throws InterruptedException {
    submit("unnominate", () -> updateStatus(withNominated(pod, "")));
  }

  /** Removes a pod so that a more important one has room; {@code ended} hears when it is asked. */
  void preempt(Pod victim, Pod winner, String node, Runnable ended) throws InterruptedException {
    submit(
        "preempt",
        () -> {
          remove(victim, winner, node);
          ended.run();
        });
  }

  private void remove(Pod victim, Pod winner, String node) {
    Instant now = context.clock().now().truncatedTo(ChronoUnit.SECONDS);
    String scheduler = winner.spec().schedulerNameOr("default-scheduler");
    PodCondition target =
        PodCondition.builder()
            .type("DisruptionTarget")
            .status("True")
            .reason("PreemptionByScheduler")
            .message(scheduler + ": preempting to accommodate a higher priority pod")
            .lastTransitionTime(now)
            .build();
    updateStatus(withCondition(victim, target));
    DeleteOptions options =
        DeleteOptions.builder()
            .preconditions(Preconditions.builder().uid(victim.metadata().uid()).build())
            .build();
    try {
      context.client().delete(Types.POD, ObjectKey.of(victim), options);
      context
          .events()
          .record(
              victim,
              false,
              "Preempted",
              "Preempted by pod " + winner.metadata().uidOr("") + " on node " + node);
    } catch (ApiFailure e) {
      if (!e.isNotFound() && !e.isConflict()) {
        LOG.log(System.Logger.Level.WARNING, "victim stays object={0} cause={1}", victim, e);
      }
    }
  }

  /** False when somebody else wrote in between. */
  private boolean updateStatus(Pod pod) {
    try {
      context.client().updateStatus(Types.POD, pod);
    } catch (ApiFailure e) {
      if (e.isConflict()) {
        return false;
      }
      if (!e.isNotFound()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "status refused object={0} cause={1}",
            ObjectKey.of(pod),
            e.getMessage());
      }
    }
    return true;
  }

  private static Pod withCondition(Pod pod, PodCondition next) {
    List<PodCondition> conditions = new ArrayList<>();
    PodCondition told = next;
    for (PodCondition condition : pod.status().conditions()) {
      if (!condition.typeOr("").equals(next.typeOr(""))) {
        conditions.add(condition);
      } else if (condition.statusOr("").equals(next.statusOr(""))) {
        told =
            next.withLastTransitionTime(condition.lastTransitionTime())
                .withLastProbeTime(condition.lastProbeTime())
                .withObservedGeneration(condition.observedGeneration());
      }
    }
    conditions.add(told);
    return pod.withStatus(pod.status().withConditions(conditions));
  }

  private void submit(String task, TaskScope.Task write) throws InterruptedException {
    slots.acquire();
    try {
      scope.start(
          task,
          () -> {
            try {
              write.run();
            } finally {
              slots.release();
            }
          });
    } catch (IllegalStateException e) {
      slots.release();
      throw e;
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
