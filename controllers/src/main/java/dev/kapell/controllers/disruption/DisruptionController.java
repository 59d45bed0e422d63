package dev.kapell.controllers.disruption;

import dev.kapell.api.IntOrString;
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
import dev.kapell.controllers.kinds.Kinds;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the status of PodDisruptionBudgets, which evictions are granted by. */
public final class DisruptionController implements Planner<ObjectKey, DisruptionController.Seen> {
  /** An eviction that was granted and not seen to happen counts for so long. */
  private static final Duration GRANTED = Duration.ofMinutes(2);

  /** What is not known now may be soon. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private static final String UNMANAGED =
      "Pods selected by this PodDisruptionBudget were found to be unmanaged. As a result, the"
          + " status of the PDB cannot be calculated correctly, which may result in undefined"
          + " behavior. To account for these pods please set \".spec.minAvailable\" field of the"
          + " PDB to an integer value.";

  /**
   * A budget and its pods.
   *
   * @param wanted how many pods the workloads of these pods want together
   */
  record Seen(PodDisruptionBudget budget, List<Pod> pods, Wanted.Count wanted) {}

  private final Cache<PodDisruptionBudget> budgets;
  private final Cache<Pod> pods;
  private final Wanted wanted;

  private DisruptionController(LoopContext context, Kinds kinds) {
    this.budgets = context.caches().of(Types.POD_DISRUPTION_BUDGET);
    this.pods = context.caches().of(Types.POD);
    this.wanted = new Wanted(context, kinds);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, Kinds kinds, int workers) {
    DisruptionController controller = new DisruptionController(context, kinds);
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
    Plan.Builder plan = new Plan.Builder();
    boolean first =
        !Objects.equals(budget.status().observedGeneration(), budget.metadata().generation());
    if (isByWorkload(budget) && !seen.wanted().trouble().isEmpty()) {
      return unknown(budget, seen.wanted().trouble(), first, now);
    }
    if (first && seen.pods().isEmpty()) {
      plan.add(Change.tell(budget, "NoPods", "No matching pods found"));
    }
    if (first && isByWorkload(budget) && seen.wanted().unmanaged()) {
      plan.add(Change.warn(budget, "UnmanagedPods", UNMANAGED));
    }
    List<Pod> counted = seen.pods().stream().filter(p -> !Pods.isFinished(p)).toList();
    Map<String, Instant> granted = stillGranted(budget, counted, now);
    counted.stream()
        .filter(pod -> isOverdue(budget, pod, now))
        .forEach(pod -> plan.add(Change.warn(pod, "NotDeleted", notDeleted(budget))));
    int expected = isByWorkload(budget) ? seen.wanted().pods() : counted.size();
    int desired = desired(budget, expected);
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
            .withConditions(
                conditions(budget, allowed > 0 ? Verdict.SUFFICIENT : Verdict.INSUFFICIENT, now));
    granted.values().stream()
        .map(since -> Duration.between(now, since.plus(GRANTED)))
        .forEach(left -> plan.againAfter(left.isPositive() ? left : Duration.ofSeconds(1)));
    return plan.add(
            Change.updateStatus(
                Types.POD_DISRUPTION_BUDGET, budget, budget.withStatus(status), "pods counted"))
        .build();
  }

  /**
   * Only a plain number of pods that have to be there can be told without asking who wants them.
   */
  private static boolean isByWorkload(PodDisruptionBudget budget) {
    IntOrString least = budget.spec().minAvailable();
    return budget.spec().maxUnavailable() != null || (least != null && least.percent().isPresent());
  }

  private static int desired(PodDisruptionBudget budget, int expected) {
    return budget.spec().maxUnavailable() == null
        ? Share.ceil(budget.spec().minAvailable(), expected, 1)
        : Math.max(0, expected - Share.ceil(budget.spec().maxUnavailable(), expected, 0));
  }

  /** Nothing is granted where nobody knows how many there should be. */
  private static Plan unknown(
      PodDisruptionBudget budget, String trouble, boolean first, Instant now) {
    PodDisruptionBudgetStatus status =
        budget
            .status()
            .withDisruptionsAllowed(0)
            .withObservedGeneration(budget.metadata().generation())
            .withConditions(conditions(budget, new Verdict("False", "SyncFailed", trouble), now));
    Plan.Builder plan = new Plan.Builder().againAfter(AGAIN);
    if (first) {
      plan.add(
          Change.warn(
              budget,
              "CalculateExpectedPodCountFailed",
              "Failed to calculate the number of expected pods: " + trouble));
    }
    return plan.add(
            Change.updateStatus(
                Types.POD_DISRUPTION_BUDGET, budget, budget.withStatus(status), trouble))
        .build();
  }

  private static boolean isOverdue(PodDisruptionBudget budget, Pod pod, Instant now) {
    Instant since = budget.status().disruptedPods().get(pod.metadata().nameOr(""));
    return since != null && !Pods.isTerminating(pod) && !since.plus(GRANTED).isAfter(now);
  }

  private static String notDeleted(PodDisruptionBudget budget) {
    return "Pod was expected by PDB "
        + budget.metadata().namespaceOr("")
        + "/"
        + budget.metadata().nameOr("")
        + " to be deleted but it wasn't";
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

  /** What the condition says. */
  private record Verdict(String status, String reason, String message) {
    static final Verdict SUFFICIENT = new Verdict("True", "SufficientPods", "");
    static final Verdict INSUFFICIENT = new Verdict("False", "InsufficientPods", "");
  }

  private static List<Condition> conditions(
      PodDisruptionBudget budget, Verdict verdict, Instant now) {
    List<Condition> conditions = new ArrayList<>();
    Instant since = now;
    for (Condition condition : budget.status().conditions()) {
      if (!condition.typeOr("").equals("DisruptionAllowed")) {
        conditions.add(condition);
      } else if (condition.statusOr("").equals(verdict.status())) {
        since = condition.lastTransitionTimeOr(now);
      }
    }
    conditions.add(
        Condition.builder()
            .type("DisruptionAllowed")
            .status(verdict.status())
            .reason(verdict.reason())
            .message(verdict.message())
            .observedGeneration(budget.metadata().generation())
            .lastTransitionTime(since)
            .build());
    return conditions;
  }
}
