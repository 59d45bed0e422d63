package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.api.core.v1.WeightedPodAffinityTerm;
import dev.kapell.scheduler.demand.PlacedTerm.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The terms of a pod's affinity in one list. Pure. */
final class Terms {
  private final String namespace;
  private final Map<String, String> labels;
  private final List<PlacedTerm> terms = new ArrayList<>();

  private Terms(String namespace, Map<String, String> labels) {
    this.namespace = namespace;
    this.labels = labels;
  }

  static List<PlacedTerm> of(
      @Nullable Affinity affinity, String namespace, Map<String, String> labels) {
    if (affinity == null) {
      return List.of();
    }
    Terms terms = new Terms(namespace, labels);
    var near = affinity.podAffinity();
    if (near != null) {
      terms.required(Kind.NEAR, near.requiredDuringSchedulingIgnoredDuringExecution());
      terms.preferred(Kind.RATHER_NEAR, near.preferredDuringSchedulingIgnoredDuringExecution());
    }
    var far = affinity.podAntiAffinity();
    if (far != null) {
      terms.required(Kind.FAR, far.requiredDuringSchedulingIgnoredDuringExecution());
      terms.preferred(Kind.RATHER_FAR, far.preferredDuringSchedulingIgnoredDuringExecution());
    }
    return List.copyOf(terms.terms);
  }

  private void required(Kind kind, List<PodAffinityTerm> wanted) {
    wanted.forEach(term -> add(kind, 0, term));
  }

  private void preferred(Kind kind, List<WeightedPodAffinityTerm> wanted) {
    for (WeightedPodAffinityTerm weighted : wanted) {
      if (weighted.podAffinityTerm() != null && weighted.weightOr(0) != 0) {
        add(kind, weighted.weightOr(0), weighted.podAffinityTerm());
      }
    }
  }

  private void add(Kind kind, int weight, PodAffinityTerm term) {
    terms.add(
        new PlacedTerm(kind, weight, term.topologyKeyOr(""), PodTerm.of(term, namespace, labels)));
  }
}
