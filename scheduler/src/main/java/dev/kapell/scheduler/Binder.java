package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Binding;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.Preconditions;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.LoopContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The scheduler's writes: bindings, conditions, evictions of victims. Each runs on a virtual thread
 * of its own, so that many of them share one commit of the store; the number under way is bounded,
 * and who submits more waits. Thread-safe.
 */
final class Binder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  private final LoopContext context;
  private final Semaphore slots;
  private final TaskScope scope =
      new TaskScope(
          "binder",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "binding broke task=" + task, cause));

  Binder(LoopContext context, int atOnce) {
    this.context = context;
    this.slots = new Semaphore(atOnce);
  }

  /** Binds; {@code refused} hears of it when that did not work, on a thread of the binder's. */
  void bind(Pod pod, String node, Consumer<ApiFailure> refused) throws InterruptedException {
    submit(
        "bind",
        () -> {
          ObjectKey key = ObjectKey.of(pod);
          try {
            context
                .client()
                .createSubresource(Types.POD, key, "binding", binding(pod, node), Binding.CODEC);
            context
                .events()
                .record(pod, false, "Scheduled", "Successfully assigned " + key + " to " + node);
          } catch (ApiFailure e) {
            LOG.log(
                System.Logger.Level.WARNING,
                "binding refused object={0} node={1} cause={2}",
                key,
                node,
                e.getMessage());
            refused.accept(e);
          }
        });
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

  /** Says on the pod why it has no node; {@code nominated} is the node that is being cleared. */
  void explain(Pod pod, String message, String nominated) throws InterruptedException {
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
    Pod told = withCondition(pod, condition);
    if (!nominated.isEmpty()) {
      told = told.withStatus(told.status().withNominatedNodeName(nominated));
    }
    if (!told.equals(pod)) {
      Pod after = told;
      submit("explain", () -> updateStatus(after));
    }
  }

  /** Removes a pod so that a more important one has room. */
  void preempt(Pod victim, Pod winner, String node) throws InterruptedException {
    submit("preempt", () -> remove(victim, winner, node));
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

  /** A lost race does not matter: whoever wrote made the pod change, and it is looked at again. */
  private void updateStatus(Pod pod) {
    try {
      context.client().updateStatus(Types.POD, pod);
    } catch (ApiFailure e) {
      if (!e.isNotFound() && !e.isConflict()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "status refused object={0} cause={1}",
            ObjectKey.of(pod),
            e.getMessage());
      }
    }
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

  private void submit(String task, Runnable write) throws InterruptedException {
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
