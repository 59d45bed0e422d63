package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import dev.kapell.control.match.Selectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pods that a term is about. What the term says about its own pod ({@code matchLabelKeys}, no
 * namespace) has been put in, so terms of equal meaning are equal.
 *
 * @param namespaces those by name
 * @param namespaceSelector those by label, besides
 * @param selector the pods in them; absent: none
 */
public record PodTerm(
    Set<String> namespaces,
    @Nullable LabelSelector namespaceSelector,
    @Nullable LabelSelector selector) {
  /** Copies. */
  public PodTerm {
    namespaces = Set.copyOf(namespaces);
  }

  /** The pods in one namespace. */
  public static PodTerm in(String namespace, @Nullable LabelSelector selector) {
    return new PodTerm(Set.of(namespace), null, selector);
  }

  /** What {@code term} means in a pod of {@code namespace} with {@code labels}. */
  public static PodTerm of(PodAffinityTerm term, String namespace, Map<String, String> labels) {
    boolean own = term.namespaces().isEmpty() && term.namespaceSelector() == null;
    LabelSelector alike = with(term.labelSelector(), term.matchLabelKeys(), "In", labels);
    return new PodTerm(
        own ? Set.of(namespace) : Set.copyOf(term.namespaces()),
        term.namespaceSelector(),
        with(alike, term.mismatchLabelKeys(), "NotIn", labels));
  }

  /**
   * The selector with a requirement for each of the keys that {@code labels} have; what the server
   * has written into it when the pod was made stays.
   */
  public static @Nullable LabelSelector with(
      @Nullable LabelSelector selector,
      List<String> keys,
      String operator,
      Map<String, String> labels) {
    if (selector == null || keys.isEmpty()) {
      return selector;
    }
    List<LabelSelectorRequirement> all = new ArrayList<>(selector.matchExpressions());
    for (String key : keys) {
      String value = labels.get(key);
      if (value != null) {
        LabelSelectorRequirement more =
            LabelSelectorRequirement.builder()
                .key(key)
                .operator(operator)
                .values(List.of(value))
                .build();
        if (selector.matchExpressions().stream().noneMatch(known -> isMerged(known, more))) {
          all.add(more);
        }
      }
    }
    return selector.withMatchExpressions(all);
  }

  private static boolean isMerged(LabelSelectorRequirement known, LabelSelectorRequirement more) {
    return known.keyOr("").equals(more.keyOr(""))
        && known.operatorOr("").equals(more.operatorOr(""))
        && known.values().size() == 1;
  }

  /** Whether it is about pods of {@code namespace} with {@code labels}. */
  public boolean isAbout(
      String namespace,
      Map<String, String> labels,
      Function<String, Map<String, String>> namespaceLabels) {
    return Selectors.matches(selector, labels)
        && (namespaces.contains(namespace)
            || (namespaceSelector != null
                && Selectors.matches(namespaceSelector, namespaceLabels.apply(namespace))));
  }

  /** Labels that a pod has that it is about; it may say more than that. */
  public Map<String, String> neededLabels() {
    return selector == null ? Map.of() : selector.matchLabels();
  }

  /** Whether its meaning depends on the labels of namespaces. */
  public boolean looksAtNamespaces() {
    return namespaceSelector != null;
  }
}
