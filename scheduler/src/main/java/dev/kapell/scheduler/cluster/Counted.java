package dev.kapell.scheduler.cluster;

import dev.kapell.scheduler.demand.Kin;
import dev.kapell.scheduler.demand.PlacedTerm;
import dev.kapell.scheduler.demand.PodTerm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which pods are counted. */
public sealed interface Counted {
  /**
   * Those that all of the terms are about.
   *
   * @param staying those that are being deleted do not count
   */
  record Matching(List<PodTerm> terms, boolean staying) implements Counted {
    /** Copies. */
    public Matching {
      terms = List.copyOf(terms);
    }

    boolean isAbout(Kin kin, Function<String, Map<String, String>> namespaceLabels) {
      for (PodTerm term : terms) {
        if (!term.isAbout(kin.namespace(), kin.labels(), namespaceLabels)) {
          return false;
        }
      }
      return true;
    }

    /** Labels that a pod has that this is about. */
    Map<String, String> needed() {
      Map<String, String> needed = new HashMap<>();
      terms.forEach(term -> needed.putAll(term.neededLabels()));
      return needed;
    }

    boolean looksAtNamespaces() {
      return terms.stream().anyMatch(PodTerm::looksAtNamespaces);
    }
  }

  /** Those that state this term themselves. */
  record Stating(PlacedTerm term) implements Counted {}
}
