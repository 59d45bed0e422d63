package dev.kapell.controllers.disruption;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.Condition;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.policy.v1.PodDisruptionBudgetStatus;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the status of PodDisruptionBudgets, which evictions are granted by. */
public final class DisruptionController implements Planner<ObjectKey, DisruptionController.Seen> {
  /** An eviction that was granted and not seen to happen counts for so long. */
  private static final Duration GRANTED = Duration.ofMinutes(2);

  /**
   * A budget and its pods.
   *
   * @param expected how many pods the workloads of these pods want together
   */
  record Seen(PodDisruptionBudget budget, List<Pod> pods, int expected) {}

  private final Cache<PodDisruptionBudget> budgets;
  private final Cache<Pod> pods;
  private final Wanted wanted;

  private DisruptionController(LoopContext context) {
    this.budgets = context.caches().of(Types.POD_DISRUPTION_BUDGET);
    this.pods = context.caches().of(Types.POD);
    this.wanted = new Wanted(context.caches());
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    DisruptionController controller = new DisruptionController(context);
    ControlLoop<ObjectKey> loop = context.planned("disruption", controller);
    controller.budgets.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.pods.onChange(
        (before, after) -> {
          controller.add(loop, before);
          controller.add(loop, after);
        });
    return loop.start(workers);
  }

  private void add(ControlLoop<ObjectKey> loop, @Nullable Pod pod) {
    if (pod != null) {
      budgets.in(pod.metadata().namespaceOr("")).stream()
          .filter(budget -> selects(budget, pod))
          .forEach(budget -> loop.add(ObjectKey.of(budget)));
    }
  }

  private static boolean selects(PodDisruptionBudget budget, Pod pod) {
    return Selectors.matches(budget.spec().selector(), pod.metadata().labels());
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return budgets
        .find(key)
        .map(
            budget -> {
              List<Pod> selected =
                  pods.in(key.namespace()).stream().filter(pod -> selects(budget, pod)).toList();
              return new Seen(budget, selected, wanted.by(selected));
            });
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen, now);
  }

  /** Counts. */
  static Plan decideFor(Seen seen, Instant now) {
    PodDisruptionBudget budget = seen.budget();
    List<Pod> counted = seen.pods().stream().filter(p -> !Pods.isFinished(p)).toList();
    Map<String, Instant> granted = stillGranted(budget, counted, now);
    int expected;
    int desired;
    if (budget.spec().maxUnavailable() != null) {
      expected = seen.expected();
      desired = Math.max(0, expected - Share.ceil(budget.spec().maxUnavailable(), expected, 0));
    } else {
      boolean percent =
          budget.spec().minAvailable() != null
              && budget.spec().minAvailable().percent().isPresent();
      expected = percent ? seen.expected() : counted.size();
      desired = Share.ceil(budget.spec().minAvailable(), expected, 1);
    }
    int healthy =
        (int)
            counted.stream()
                .filter(p -> !Pods.isTerminating(p) && Pods.isReady(p))
                .filter(p -> !granted.containsKey(p.metadata().nameOr("")))
                .count();
    int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    PodDisruptionBudgetStatus status =
        budget
            .status()
            .withCurrentHealthy(healthy)
            .withDesiredHealthy(desired)
            .withExpectedPods(expected)
            .withDisruptionsAllowed(allowed)
            .withDisruptedPods(granted)
            .withObservedGeneration(budget.metadata().generation())
            .withConditions(conditions(budget, allowed > 0, now));
    Plan.Builder plan = new Plan.Builder();
    granted.values().stream()
        .map(since -> Duration.between(now, since.plus(GRANTED)))
        .forEach(left -> plan.againAfter(left.isPositive() ? left : Duration.ofSeconds(1)));
    return plan.add(
            Change.updateStatus(
                Types.POD_DISRUPTION_BUDGET, budget, budget.withStatus(status), "pods counted"))
        .build();
  }

  private static Map<String, Instant> stillGranted(
      PodDisruptionBudget budget, List<Pod> pods, Instant now) {
    Map<String, Instant> still = new LinkedHashMap<>();
    for (Pod pod : pods) {
      Instant since = budget.status().disruptedPods().get(pod.metadata().nameOr(""));
      if (since != null && !Pods.isTerminating(pod) && since.plus(GRANTED).isAfter(now)) {
        still.put(pod.metadata().nameOr(""), since);
      }
    }
    return still;
  }

  private static List<Condition> conditions(
      PodDisruptionBudget budget, boolean allowed, Instant now) {
    String status = allowed ? "True" : "False";
    List<Condition> conditions = new ArrayList<>();
    Instant since = now;
    for (Condition condition : budget.status().conditions()) {
      if (!condition.typeOr("").equals("DisruptionAllowed")) {
        conditions.add(condition);
      } else if (condition.statusOr("").equals(status)) {
        since = condition.lastTransitionTimeOr(now);
      }
    }
    conditions.add(
        Condition.builder()
            .type("DisruptionAllowed")
            .status(status)
            .reason(allowed ? "SufficientPods" : "InsufficientPods")
            .message("")
            .observedGeneration(budget.metadata().generation())
            .lastTransitionTime(since)
            .build());
    return conditions;
  }
}
