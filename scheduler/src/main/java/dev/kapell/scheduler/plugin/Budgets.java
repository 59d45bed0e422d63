package dev.kapell.scheduler.plugin;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.match.Selectors;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Disruption budgets by namespace.
 *
 * @param in those of a namespace
 */
public record Budgets(Function<String, List<PodDisruptionBudget>> in) {
  /** There is no budget. */
  public static final Budgets NONE = new Budgets(namespace -> List.of());

  /** As {@code caches} know them. */
  public static Budgets of(Caches caches) {
    Cache<PodDisruptionBudget> budgets = caches.of(Types.POD_DISRUPTION_BUDGET);
    return new Budgets(budgets::in);
  }

  /**
   * Which of the pods some budget does not allow to be disrupted, if all of them are.
   *
   * @param pods the most important first: those use up the budgets first
   */
  public Set<String> violating(List<Pod> pods) {
    Map<String, Integer> left = new HashMap<>();
    Set<String> violating = new HashSet<>();
    for (Pod pod : pods) {
      for (PodDisruptionBudget budget : in.apply(pod.metadata().namespaceOr(""))) {
        // A pod that is being disrupted has used up its part already.
        if (Selectors.matches(budget.spec().selector(), pod.metadata().labels())
            && !budget.status().disruptedPods().containsKey(pod.metadata().nameOr(""))
            && take(budget, left) < 0) {
          violating.add(pod.metadata().uidOr(""));
        }
      }
    }
    return violating;
  }

  private static int take(PodDisruptionBudget budget, Map<String, Integer> left) {
    String key = budget.metadata().namespaceOr("") + "/" + budget.metadata().nameOr("");
    return left.merge(key, budget.status().disruptionsAllowedOr(0) - 1, (now, fresh) -> now - 1);
  }

  /** Whether one of the pods has a budget. */
  public boolean concern(List<Pod> pods) {
    for (Pod pod : pods) {
      for (PodDisruptionBudget budget : in.apply(pod.metadata().namespaceOr(""))) {
        if (Selectors.matches(budget.spec().selector(), pod.metadata().labels())) {
          return true;
        }
      }
    }
    return false;
  }
}
