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
import dev.kapell.client.Write;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.device.Reservation;
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
 * The scheduler's writes: bindings, conditions, evictions of victims. Bindings leave in convoys;
 * each of the others runs on a virtual thread of its own. The number under way is bounded, and who
 * submits more waits. Thread-safe.
 */
final class Binder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  /** So often a telling is tried when others write at the same time. */
  private static final int TELLINGS = 4;

  /** So many times the writes that may be under way have room in the convoy. */
  private static final int CONVOYS = 4;

  private final LoopContext context;

  /** What is to be told of a pod, by its uid, while that is being written. */
  private final Map<String, UnaryOperator<Pod>> latest = new ConcurrentHashMap<>();

  private final VolumeBinder volumes;
  private final DeviceBinder devices;
  private final Semaphore slots;
  private final TaskScope scope =
      new TaskScope(
          "binder",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "binding broke task=" + task, cause));

  private final Convoy convoy;

  Binder(LoopContext context, int atOnce) {
    this.context = context;
    this.volumes = new VolumeBinder(context);
    this.devices = new DeviceBinder(context);
    this.slots = new Semaphore(atOnce);
    this.convoy = new Convoy(context.client(), scope, CONVOYS * atOnce);
  }

  /**
   * What is to be bound.
   *
   * @param volumes what becomes of its claims first
   * @param devices what becomes of its device claims first
   */
  record Bound(
      Pod pod, String node, Choice volumes, List<Reservation> devices, Extenders extenders) {}

  /** Binds; {@code ended} hears what came of it, on a thread of the binder's. */
  void bind(Bound bound, Consumer<Optional<ApiFailure>> ended) throws InterruptedException {
    Pod pod = bound.pod();
    boolean isPlain = bound.volumes().isEmpty() && bound.devices().isEmpty();
    if (isPlain && !bound.extenders().concern(pod)) {
      convoy.add(
          List.of(binding(pod, bound.node())),
          refusal -> {
            ended.accept(refusal);
            told(bound, refusal);
          });
    } else if (bound.volumes().isEmpty()) {
      submit("bind", () -> ended.accept(reserveAndWrite(bound)));
    } else {
      // It may take long, so it does not hold up other writes.
      scope.start(
          "volumes",
          () -> {
            Optional<ApiFailure> failure = volumes.bind(pod, bound.node(), bound.volumes());
            ended.accept(failure.isPresent() ? failure : reserveAndWrite(bound));
          });
    }
  }

  /** What was reserved for a pod that is not bound then is given back. */
  private Optional<ApiFailure> reserveAndWrite(Bound bound) throws InterruptedException {
    if (bound.devices().isEmpty()) {
      return write(bound);
    }
    Optional<ApiFailure> failure = devices.reserve(bound.pod(), bound.devices());
    if (failure.isEmpty()) {
      failure = write(bound);
    }
    if (failure.isPresent()) {
      devices.release(bound.pod(), bound.devices());
    }
    return failure;
  }

  private Optional<ApiFailure> write(Bound bound) throws InterruptedException {
    Optional<ApiFailure> refusal = Optional.empty();
    try {
      if (!bound.extenders().bind(bound.pod(), bound.node())) {
        binding(bound.pod(), bound.node()).by(context.client());
      }
    } catch (ExtenderException e) {
      refusal =
          Optional.of(
              new ApiFailure(
                  Status.builder()
                      .status("Failure")
                      .code(503)
                      .reason("ServiceUnavailable")
                      .message(e.getMessage())
                      .build()));
    } catch (ApiFailure e) {
      refusal = Optional.of(e);
    }
    told(bound, refusal);
    return refusal;
  }

  private void told(Bound bound, Optional<ApiFailure> refusal) throws InterruptedException {
    ObjectKey key = ObjectKey.of(bound.pod());
    if (refusal.isPresent()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "binding refused object={0} node={1} cause={2}",
          key,
          bound.node(),
          refusal.get().getMessage());
    } else {
      context
          .events()
          .recordWaiting(
              bound.pod(),
              false,
              "Scheduled",
              "Successfully assigned " + key + " to " + bound.node());
    }
  }

  private static Write binding(Pod pod, String node) {
    ObjectMeta meta = pod.metadata();
    Binding binding =
        Binding.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(meta.name())
                    .namespace(meta.namespace())
                    .uid(meta.uid())
                    .build())
            .target(ObjectReference.builder().apiVersion("v1").kind("Node").name(node).build())
            .build();
    return new Write.CreateSubresource<>(
        Types.POD, ObjectKey.of(pod), "binding", binding, Binding.CODEC);
  }

  /**
   * Says on the pod why it has no node.
   *
   * @param nominated the node that is being cleared for it, none when empty; absent: as it was
   */
  void explain(Pod pod, String message, Optional<String> nominated) throws InterruptedException {
    explain(pod, "Unschedulable", message, nominated);
  }

  /** Says on the pod that nobody knows yet whether it fits: looking for a node failed. */
  void failed(Pod pod, String message) throws InterruptedException {
    explain(pod, "SchedulerError", message, Optional.empty());
  }

  /** Tells of trouble with a pod that may have a node. */
  void warn(Pod pod, String message) {
    context.events().record(pod, true, "FailedScheduling", message);
  }

  private void explain(Pod pod, String reason, String message, Optional<String> nominated)
      throws InterruptedException {
    warn(pod, message);
    Instant now = context.clock().now().truncatedTo(ChronoUnit.SECONDS);
    PodCondition condition =
        PodCondition.builder()
            .type("PodScheduled")
            .status("False")
            .reason(reason)
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
      convoy.add(
          List.of(new Write.UpdateStatus<>(Types.POD, telling.apply(pod))),
          refusal -> {
            if (isConflict(pod, refusal)) {
              scope.start("explain", () -> tellAgain(pod, telling));
            } else {
              latest.remove(uid, telling);
            }
          });
    }
  }

  /**
   * Writes what is to be told on what somebody else wrote in between, unless there is something
   * newer to tell by then.
   */
  private void tellAgain(Pod seen, UnaryOperator<Pod> telling) {
    String uid = seen.metadata().uidOr("");
    for (int i = 1; i < TELLINGS && telling.equals(latest.get(uid)); i++) {
      Optional<Pod> now =
          context
              .client()
              .find(Types.POD, ObjectKey.of(seen))
              .filter(pod -> Intake.isSame(pod, seen) && pod.spec().nodeNameOr("").isEmpty());
      if (now.isEmpty() || updateStatus(telling.apply(now.get()))) {
        break;
      }
    }
    latest.remove(uid, telling);
  }

  private static Pod withNominated(Pod pod, String node) {
    return pod.withStatus(pod.status().withNominatedNodeName(node.isEmpty() ? null : node));
  }

  /** No node is being cleared for the pod any more. */
  void unnominate(Pod pod) throws InterruptedException {
    convoy.add(
        List.of(new Write.UpdateStatus<>(Types.POD, withNominated(pod, ""))),
        refusal -> isConflict(pod, refusal));
  }

  /** Removes a pod so that a more important one has room; {@code ended} hears what came of it. */
  void preempt(Pod victim, Pod winner, String node, Consumer<Optional<ApiFailure>> ended)
      throws InterruptedException {
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
    DeleteOptions options =
        DeleteOptions.builder()
            .preconditions(Preconditions.builder().uid(victim.metadata().uid()).build())
            .build();
    convoy.add(
        List.of(
            new Write.UpdateStatus<>(Types.POD, withCondition(victim, target)),
            new Write.Delete(Types.POD, ObjectKey.of(victim), options)),
        refusal -> {
          ended.accept(refusal);
          preempted(victim, winner, node, refusal);
        });
  }

  private void preempted(Pod victim, Pod winner, String node, Optional<ApiFailure> refusal)
      throws InterruptedException {
    if (refusal.isEmpty()) {
      String message = "Preempted by pod " + winner.metadata().uidOr("") + " on node " + node;
      context.events().recordWaiting(victim, false, "Preempted", message);
    } else if (!refusal.get().isNotFound() && !refusal.get().isConflict()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "victim stays object={0} cause={1}",
          ObjectKey.of(victim),
          refusal.get().getMessage());
    }
  }

  /** False when somebody else wrote in between. */
  private boolean updateStatus(Pod pod) {
    try {
      context.client().updateStatus(Types.POD, pod);
      return true;
    } catch (ApiFailure e) {
      return !isConflict(pod, Optional.of(e));
    }
  }

  /** Whether somebody else wrote a status in between; other refusals are logged. */
  private static boolean isConflict(Pod pod, Optional<ApiFailure> refusal) {
    if (refusal.isPresent() && !refusal.get().isConflict() && !refusal.get().isNotFound()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "status refused object={0} cause={1}",
          ObjectKey.of(pod),
          refusal.get().getMessage());
    }
    return refusal.isPresent() && refusal.get().isConflict();
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
