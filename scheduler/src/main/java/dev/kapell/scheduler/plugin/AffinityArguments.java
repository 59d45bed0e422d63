package dev.kapell.scheduler.plugin;

/**
 * {@code InterPodAffinityArgs}.
 *
 * @param hardPodAffinityWeight what the required affinity of a placed pod to this one is worth
 * @param ignorePreferredTermsOfExistingPods placed pods' wishes do not count for pods without any
 */
public record AffinityArguments(
    int hardPodAffinityWeight, boolean ignorePreferredTermsOfExistingPods) {
  /** What is so without a word. */
  public static final AffinityArguments DEFAULT = new AffinityArguments(1, false);
}
