package dev.kapell.controllers.workload;

/**
 * Something that keeps a workload from what it is meant to be and that a person has to look at. It
 * becomes a condition, True for as long as it holds, and an event when it begins. Immutable.
 *
 * @param type of the condition, for instance {@code PodsUnschedulable}
 * @param reason one word in UpperCamelCase
 * @param message what, why, and what to do
 */
public record Notice(String type, String reason, String message) {
  /** Some pods fit no node. */
  public static final String PODS_UNSCHEDULABLE = "PodsUnschedulable";

  /** Some pods are past their grace and held by finalizers. */
  public static final String PODS_HELD = "PodsHeld";

  /** Pods of another workload are selected too. */
  public static final String SELECTOR_OVERLAP = "SelectorOverlap";

  /** Percentages of so few pods come to nothing. */
  public static final String BUDGET_ROUNDED = "BudgetRounded";

  /** No node fits. */
  public static final String NO_NODE_FITS = "NoNodeFits";
}
